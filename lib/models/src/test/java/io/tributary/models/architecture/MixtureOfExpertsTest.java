package io.tributary.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MixtureOfExpertsTest {
    private static MixtureOfExperts mixture(int experts, Gating gating) {
        return new MixtureOfExperts(experts, new SwiGlu(4, false), gating, Optional.empty());
    }

    private static void assertRefused(int experts, Gating gating, String... parts) {
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() -> mixture(experts, gating))
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(parts));
    }

    @Test
    void moreChosenExpertsThanThereAreAreRefused() {
        assertRefused(8, new Gating.SoftmaxThenTopK(9, true), "the number of chosen experts", "9", "1 to 8");
        assertRefused(8, new Gating.TopKThenSoftmax(0), "the number of chosen experts", "0", "1 to 8");
        assertRefused(0, new Gating.TopKThenSoftmax(1), "the number of experts", "0", "1 to 4096");
    }

    @Test
    void groupsMustDivideTheExpertsAndHoldTheChosenOnes() {
        assertThat(mixture(12, new Gating.SigmoidTopK(6, true, 4, 2, true, 1)).experts())
                .isEqualTo(12);
        assertRefused(
                12, new Gating.SigmoidTopK(2, true, 5, 2, true, 1), "groups of experts is 5", "divisor of the 12");
        assertRefused(12, new Gating.SigmoidTopK(2, true, 12, 2, true, 1), "groups of experts is 12", "at least 2");
        assertRefused(12, new Gating.SigmoidTopK(2, true, 4, 5, true, 1), "chosen groups is 5", "1 to 4");
        assertRefused(12, new Gating.SigmoidTopK(7, true, 4, 2, true, 1), "chosen experts is 7", "1 to 6");
        assertRefused(12, new Gating.SigmoidTopK(2, true, 1, 1, true, Float.NaN), "scale of expert weights", "NaN");
    }

    @Test
    void capacitiesAndExpertsThatMakeNoSenseAreRefused() {
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() -> new ExpertCapacity.Fixed(-1))
                .withMessageContaining("-1");
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() -> new ExpertCapacity.Share(0))
                .withMessageContaining("above 0");
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() ->
                        new MixtureOfExperts(2, new SwiGlu(4, true), new Gating.TopKThenSoftmax(1), Optional.empty()))
                .withMessageContaining("without biases");
    }
}
