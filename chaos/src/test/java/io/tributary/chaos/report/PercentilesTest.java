package io.tributary.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
    @Test
    void aPercentileIsTheLeastValueThatSoManyDoNotExceed() {
        List<Long> hundred = LongStream.rangeClosed(1, 100).boxed().toList().reversed();

        assertThat(Percentiles.of(hundred, 50)).isEqualTo(50);
        assertThat(Percentiles.of(hundred, 99)).isEqualTo(99);
        assertThat(Percentiles.of(hundred, 100)).isEqualTo(100);
    }

    @Test
    void ofFewValuesTheHighestIsTheNinetyNinth() {
        assertThat(Percentiles.of(List.of(7L, 3L, 5L), 99)).isEqualTo(7);
        assertThat(Percentiles.of(List.of(7L, 3L, 5L), 50)).isEqualTo(5);
        assertThat(Percentiles.of(List.of(7L), 50)).isEqualTo(7);
    }

    @Test
    void ofNoValuesItIsZero() {
        assertThat(Percentiles.of(List.of(), 99)).isZero();
    }

    @Test
    void aShareThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Percentiles.of(List.of(1L), 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Percentiles.of(List.of(1L), 101)).isInstanceOf(IllegalArgumentException.class);
    }
}
