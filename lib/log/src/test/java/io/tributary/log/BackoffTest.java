package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void pausesDoubleUpToTheLongestAndAreNeverShorterThanHalf() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(350));
        for (long most : new long[] {100, 200, 350, 350}) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(most / 2), Duration.ofMillis(most));
        }
    }
}
