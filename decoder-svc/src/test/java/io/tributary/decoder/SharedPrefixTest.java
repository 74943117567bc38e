package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.decoder.TestShards.Replica;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions whose prompts begin with the same tokens. */
@Timeout(120)
class SharedPrefixTest {
    @Test
    void aSecondSessionTakesTheFullPagesOfItsPromptFromTheFirst() {
        try (TestShards shards = new TestShards(1)) {
            Replica replica = shards.start(0);
            // A page in one record: the shard may see each record before the next one is there.
            shards.promptChunk(64);
            List<Object> first = bits(shards, shards.open(0, 100, 10, 4));
            assertThat(replica.shard().figures().adoptedPositions.sum()).isZero();

            List<Object> second = bits(shards, shards.open(1, 100, 10, 4));

            assertThat(second).isEqualTo(first);
            assertThat(replica.shard().figures().adoptedPositions.sum()).isEqualTo(64);
        }
    }

    @Test
    void thePositionBehindWhichATokenIsSampledIsComputedEvenIfItsPageIsKnown() {
        try (TestShards shards = new TestShards(1)) {
            Replica replica = shards.start(0);
            List<Object> first = bits(shards, shards.open(0, 64, 5, 4));

            List<Object> second = bits(shards, shards.open(0, 64, 5, 4));

            assertThat(second).isEqualTo(first);
            assertThat(replica.shard().figures().adoptedPositions.sum()).isZero();
        }
    }

    @Test
    void anEarlierStageComputesWhatItHandsOn() {
        try (TestShards shards = new TestShards(2)) {
            Replica earlier = shards.start(0);
            Replica last = shards.start(1);
            shards.promptChunk(64);
            List<Object> first = bits(shards, shards.open(0, 100, 10, 4));

            List<Object> second = bits(shards, shards.open(0, 100, 10, 4));

            assertThat(second).isEqualTo(first);
            assertThat(earlier.shard().figures().adoptedPositions.sum()).isZero();
            assertThat(last.shard().figures().adoptedPositions.sum()).isEqualTo(64);
        }
    }

    private static List<Object> bits(TestShards shards, String session) {
        shards.await(() -> shards.tokensOf(session).complete());
        return shards.tokensOf(session).bits();
    }
}
