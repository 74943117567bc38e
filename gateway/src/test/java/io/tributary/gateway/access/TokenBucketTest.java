package io.tributary.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private long now = Long.MAX_VALUE - 5;

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void aFullBucketIsUsedAtOnceAndFilledEvenly() {
        TokenBucket bucket = new TokenBucket(60, () -> now);
        bucket.take(60);

        assertThat(bucket.until(1)).isEqualTo(Duration.ofSeconds(1));
        pass(Duration.ofMillis(400));
        assertThat(bucket.until(1)).isEqualTo(Duration.ofMillis(600));
        pass(Duration.ofMillis(600));
        assertThat(bucket.until(1)).isZero();
        assertThat(bucket.until(3)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aDebtIsWaitedFor() {
        TokenBucket bucket = new TokenBucket(60, () -> now);
        bucket.take(90);

        assertThat(bucket.until(1)).isEqualTo(Duration.ofSeconds(31));
    }

    @Test
    void aBucketHoldsNoMoreThanAMinute() {
        TokenBucket bucket = new TokenBucket(60, () -> now);
        pass(Duration.ofDays(3));
        bucket.take(60);

        assertThat(bucket.until(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(bucket.full()).isFalse();
        pass(Duration.ofMinutes(1));
        assertThat(bucket.full()).isTrue();
    }

    /** Whoever takes only what is there gets no more than a full bucket and what has flowed in since. */
    @Test
    void nobodyGetsMoreThanTheRateWhateverThePattern() {
        long seed = 20_240_607;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            int perMinute = random.nextInt(1, 1000);
            TokenBucket bucket = new TokenBucket(perMinute, () -> now);
            long begin = now;
            long taken = 0;
            for (int step = 0; step < 100; step++) {
                pass(Duration.ofMillis(random.nextInt(0, 3000)));
                int amount = random.nextInt(1, perMinute + 1);
                if (bucket.until(amount).isZero()) {
                    bucket.take(amount);
                    taken += amount;
                }
            }
            double most = perMinute + (now - begin) / 60e9 * perMinute + 1e-6;
            assertThat((double) taken).as("seed %d, round %d", seed, round).isLessThanOrEqualTo(most);
        }
    }
}
