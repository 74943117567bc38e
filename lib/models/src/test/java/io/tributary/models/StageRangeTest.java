package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class StageRangeTest {

    @Test
    void stagesCoverAllLayersOnceAndDifferByOneAtMost() {
        for (int layers = 1; layers <= 33; layers++) {
            for (int count = 1; count <= layers; count++) {
                int next = 0;
                for (int index = 0; index < count; index++) {
                    StageRange range = StageRange.of(index, count, layers);
                    assertThat(range.firstLayer()).isEqualTo(next);
                    assertThat(range.layers()).isBetween(layers / count, (layers + count - 1) / count);
                    assertThat(range.first()).isEqualTo(index == 0);
                    assertThat(range.last()).isEqualTo(index == count - 1);
                    next = range.endLayer();
                }
                assertThat(next).isEqualTo(layers);
            }
        }
    }

    @Test
    void moreStagesThanLayersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StageRange.of(0, 6, 5))
                .withMessageContaining("5 layers")
                .withMessageContaining("6 stages");
        assertThatIllegalArgumentException().isThrownBy(() -> StageRange.of(2, 2, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> StageRange.of(0, 0, 5));
    }
}
