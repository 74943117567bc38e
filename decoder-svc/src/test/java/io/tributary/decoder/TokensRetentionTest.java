package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensRetentionTest {
    private static final Duration KEPT = Duration.ofSeconds(60);

    private final TokensRetention retention = new TokensRetention(KEPT, 0);

    @Test
    void nothingIsGivenUpBeforeTheLaneWasWatchedForTheWholeTime() {
        retention.appended(100);
        assertThat(retention.lowWater(List.of(), nanos(1))).isEmpty();
        assertThat(retention.lowWater(List.of(), nanos(59))).isEmpty();
    }

    @Test
    void whatWasTheEndAMinuteAgoIsNotNeededAnyMore() {
        retention.appended(100);
        retention.lowWater(List.of(), nanos(5));
        retention.appended(200);
        assertThat(retention.lowWater(List.of(), nanos(61))).hasValue(100);
        assertThat(retention.lowWater(List.of(), nanos(66))).hasValue(200);
    }

    private static long nanos(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
