package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueType;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final KeyValueLayout LAYOUT = new KeyValueLayout(1, 2, KeyValueType.F32);

    private final KeyValuePool pool = new KeyValuePool(Arena.ofAuto(), LAYOUT.pageBytes(), List.of(LAYOUT));
    private final SequenceState first = new SequenceState(pool, 1, 100, new double[0][]);
    private final SequenceState second = new SequenceState(pool, 1, 100, new double[0][]);

    @Test
    void removingASequenceTakesAllItsChunksAndClosesTheGaps() {
        Batch batch = new Batch(12);
        batch.add(first, 0, new int[] {1, 2}, LogitsRows.NONE);
        batch.add(second, 5, new int[] {3, 4, 5}, LogitsRows.LAST);
        batch.add(first, 2, new int[] {6}, LogitsRows.ALL);
        batch.add(second, 8, new int[] {7, 8, 9, 10}, LogitsRows.ALL);
        batch.remove(first);
        assertThat(batch.chunks()).isEqualTo(2);
        assertThat(batch.rows()).isEqualTo(7);
        assertThat(batch.sequence(0)).isSameAs(second);
        assertThat(batch.firstPosition(1)).isEqualTo(8);
        assertThat(batch.firstRow(1)).isEqualTo(3);
        assertThat(batch.rows(1)).isEqualTo(4);
        assertThat(batch.logitsRows()).isEqualTo(5);
        assertThat(batch.firstLogitsRow(1)).isEqualTo(1);
        for (int row = 0; row < 7; row++) {
            assertThat(batch.token(row)).isEqualTo(row < 3 ? 3 + row : 4 + row);
        }
        batch.remove(second);
        assertThat(batch.rows()).isZero();
    }

    @Test
    void aChunkThatIsEmptyOrTooLongIsRefused() {
        Batch batch = new Batch(4);
        batch.add(first, 0, new int[3], LogitsRows.NONE);
        assertThat(batch.fits(1)).isTrue();
        assertThat(batch.fits(2)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.add(second, 0, new int[2], LogitsRows.NONE))
                .withMessageContaining("2 rows")
                .withMessageContaining("at most 1");
        assertThatIllegalArgumentException().isThrownBy(() -> batch.add(second, 0, new int[0], LogitsRows.NONE));
        assertThat(batch.rows()).isEqualTo(3);
    }
}
