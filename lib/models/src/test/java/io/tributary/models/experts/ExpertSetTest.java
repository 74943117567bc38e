package io.tributary.models.experts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpertSetTest {
    @Test
    void whatIsWrittenIsReadBack() {
        long seed = 11;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            ExpertSet experts = ExpertSet.of(random.ints(random.nextInt(30), 0, 40));
            assertThat(ExpertSet.parse(experts.toString()))
                    .as("seed %d: %s", seed, experts)
                    .isEqualTo(experts);
        }
    }

    @Test
    void numbersAndRangesAreReadInAnyOrder() {
        ExpertSet experts = ExpertSet.parse("7, 0-2 ,1-3");
        assertThat(experts.toString()).isEqualTo("0-3,7");
        assertThat(experts.size()).isEqualTo(5);
        assertThat(experts.end()).isEqualTo(8);
        assertThat(experts.contains(7)).isTrue();
        assertThat(experts.contains(4)).isFalse();
        assertThat(experts.minus(ExpertSet.parse("1-2"))
                        .plus(ExpertSet.parse("9"))
                        .toString())
                .isEqualTo("0,3,7,9");
        assertThat(ExpertSet.parse(" ").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1,", ",", "3-1", "-1", "1-2-3", "0-70000", "99999999999", "1;2"})
    void anotherFormIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExpertSet.parse(text))
                .withMessageContaining(text)
                .withMessageContaining("0-3,7");
    }
}
