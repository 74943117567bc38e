package io.tributary.models.contrastive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContrastiveScoresTest {
    private static final float[] QUERY = {0.6f, 0.8f};
    private static final List<float[]> CANDIDATES =
            List.of(new float[] {0, 1}, new float[] {1, 0}, new float[] {0.8f, 0.6f}, new float[] {0, 1});

    @Test
    void probabilitiesAreTheSoftmaxOfScaledCosines() {
        ContrastiveScores scores = ContrastiveScores.ofLogarithm((float) Math.log(10));
        float[] probabilities = scores.probabilities(QUERY, CANDIDATES);
        double sum = 2 * Math.exp(8) + Math.exp(6) + Math.exp(9.6);
        assertThat(probabilities[0]).isCloseTo((float) (Math.exp(8) / sum), within(1e-6f));
        assertThat(probabilities[1]).isCloseTo((float) (Math.exp(6) / sum), within(1e-6f));
        assertThat(probabilities[2]).isCloseTo((float) (Math.exp(9.6) / sum), within(1e-6f));
        assertThat(probabilities[3]).isEqualTo(probabilities[0]);
    }

    @Test
    void largeScalesDoNotOverflow() {
        assertThat(new ContrastiveScores(1e30f).probabilities(QUERY, CANDIDATES))
                .containsExactly(0, 0, 1, 0);
    }

    @Test
    void candidatesAreRankedByCosineAndEqualOnesStayInOrder() {
        ContrastiveScores scores = new ContrastiveScores(100);
        assertThat(scores.rank(QUERY, CANDIDATES))
                .extracting(RankedCandidate::index)
                .containsExactly(2, 0, 3, 1);
        assertThat(scores.rank(QUERY, CANDIDATES).getFirst().cosine()).isCloseTo(0.96f, within(1e-6f));
        assertThat(scores.rank(QUERY, List.of())).isEmpty();
        assertThat(scores.probabilities(QUERY, List.of())).isEmpty();
    }

    @Test
    void embeddingsOfAnotherModelAreRefused() {
        ContrastiveScores scores = new ContrastiveScores(100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scores.cosines(QUERY, List.of(QUERY, new float[3])))
                .withMessageContaining("candidate 1 has 3 elements")
                .withMessageContaining("the query has 2");
        assertThatIllegalArgumentException().isThrownBy(() -> new ContrastiveScores(Float.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> ContrastiveScores.ofLogarithm(200));
    }
}
