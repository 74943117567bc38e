package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.decoder.TestShards.Replica;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions whose keys and values do not fit, or no longer, and are rebuilt from the log. */
@Timeout(180)
class EvictionTest {
    /** 64 positions of keys and values, float32 [192] each, over 5 layers. */
    private static final long PAGE_BYTES = 64 * 2 * 192 * 5 * Float.BYTES;

    @Test
    void aChatThatWasEvictedIsReplayedWhenItsNextTurnComes() {
        List<Object> undisturbed;
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String chat = shards.openChat(0, 20, 10, 6);
            awaitTokens(shards, chat, 10);
            shards.proceed(chat, 7, 12, 5);
            undisturbed = awaitTokens(shards, chat, 22);
        }
        try (TestShards shards = new TestShards(1, TestShards.LIMITS, 2 * PAGE_BYTES)) {
            Replica replica = shards.start(0);
            String chat = shards.openChat(0, 20, 10, 6);
            awaitTokens(shards, chat, 10);
            String other = shards.openWhenThereIsRoom(1, 100, 20, 9);
            awaitTokens(shards, other, 20);

            shards.proceed(chat, 7, 12, 5);

            assertThat(awaitTokens(shards, chat, 22)).isEqualTo(undisturbed);
            assertThat(replica.shard().figures().rebuilds.sum()).isEqualTo(1);
        }
    }

    @Test
    void aShardThatTakesOverMoreThanFitsComputesOneSessionAfterTheOther() {
        List<Object> first = undisturbed(0, 2);
        List<Object> second = undisturbed(1, 3);
        try (TestShards shards = new TestShards(1, TestShards.LIMITS, 2 * PAGE_BYTES)) {
            Replica one = shards.start(0);
            Replica other = shards.start(0);
            shards.await(
                    () -> one.shard().lanes().size() + other.shard().lanes().size() == TestShards.LANES
                            && !one.shard().lanes().isEmpty()
                            && !other.shard().lanes().isEmpty());
            int laneOfOne = one.shard().lanes().iterator().next();
            int laneOfOther = other.shard().lanes().iterator().next();
            String session = shards.open(laneOfOne, 80, 40, 2);
            String moved = shards.open(laneOfOther, 80, 40, 3);
            shards.awaitTokens(session, 1);
            shards.awaitTokens(moved, 10);

            other.log().sever();

            assertThat(awaitTokens(shards, session, 40)).isEqualTo(first);
            assertThat(awaitTokens(shards, moved, 40)).isEqualTo(second);
        }
    }

    private static List<Object> undisturbed(int lane, long seed) {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            return awaitTokens(shards, shards.open(lane, 80, 40, seed), 40);
        }
    }

    private static List<Object> awaitTokens(TestShards shards, String session, int count) {
        shards.await(() -> shards.tokensOf(session).total() == count
                || shards.tokensOf(session).failed());
        assertThat(shards.tokensOf(session).failure()).isNull();
        return shards.tokensOf(session).bits();
    }
}
