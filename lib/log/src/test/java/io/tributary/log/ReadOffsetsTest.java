package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Up to where work may be deleted. */
class ReadOffsetsTest {
    @Test
    void whatWasReadIsSettledAMinuteLater() {
        ReadOffsets offsets = new ReadOffsets();
        long kept = ReadOffsets.KEPT.toNanos();
        long ten = Duration.ofSeconds(10).toNanos();
        offsets.read(3, 8);
        offsets.read(3, 7);
        assertThat(offsets.settled(0)).isEmpty();
        offsets.read(3, 12);
        offsets.read(0, 5);
        assertThat(offsets.settled(ten)).isEmpty();
        assertThat(offsets.settled(kept)).isEqualTo(Map.of(3, 8L));
        assertThat(offsets.settled(kept + ten)).isEqualTo(Map.of(3, 12L, 0, 5L));
    }
}
