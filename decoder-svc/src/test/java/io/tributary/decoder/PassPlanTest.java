package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.decoder.TestShards.Replica;
import io.tributary.proto.log.v1.Priority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who computes when there is more to do than fits into a pass. */
@Timeout(120)
class PassPlanTest {
    @Test
    void sessionsThatDecodeGoOnWhilePromptsAreComputed() {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String decoding = shards.open(0, 4, 110, 1);
            shards.awaitTokens(decoding, 5);

            String[] prompts = new String[30];
            for (int index = 0; index < prompts.length; index++) {
                prompts[index] = shards.open(index % TestShards.LANES, 100, 2, 100 + index);
            }

            // 30 prompts of 100 positions are 94 passes of 32 positions, and each of them takes a position of the
            // first.
            shards.await(() -> shards.tokensOf(prompts[29]).count() > 0);
            assertThat(shards.tokensOf(decoding).count()).isGreaterThan(60);
        }
    }

    @Test
    void interactiveSessionsComeBeforeThoseOfBatchPriorityWhichGoOnAllTheSame() {
        try (TestShards shards = new TestShards(1)) {
            Replica replica = shards.start(0);
            shards.await(() -> replica.shard().lanes().size() == TestShards.LANES);
            String batch = shards.open(0, 4, 100, 1, Priority.PRIORITY_BATCH);
            shards.awaitTokens(batch, 1);
            String interactive = shards.open(1, 4, 100, 2, Priority.PRIORITY_INTERACTIVE);
            shards.await(() -> shards.tokensOf(interactive).complete());

            int meanwhile = shards.tokensOf(batch).count();
            assertThat(meanwhile).isBetween(2, 99);
            shards.await(() -> shards.tokensOf(batch).complete());
        }
    }
}
