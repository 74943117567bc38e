package io.tributary.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatesTest {
    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(Rates.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Rates(1, 2, 9));
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(Rates.of(List.of(4.0, 1.0, 2.0, 8.0))).isEqualTo(new Rates(1, 3, 8));
    }

    @Test
    void oneRepetitionIsAllThree() {
        assertThat(Rates.of(List.of(5.0))).isEqualTo(new Rates(5, 5, 5));
    }

    @Test
    void noRepetitionHasNoRate() {
        assertThatThrownBy(() -> Rates.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
