package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.decoder.TestShards.Replica;
import io.tributary.edge.Tracing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What shards time and count while they serve sessions. */
@Timeout(120)
class ShardTimingsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void everyStageTimesItsHopsAndPassesAndTheFirstOneTheWaitOfEachSession() {
        try (TestShards shards = observed(2)) {
            shards.start(0);
            shards.start(1);
            for (int session = 0; session < 2; session++) {
                String id = shards.open(session, 40, 10, session);
                shards.await(() -> shards.tokensOf(id).complete());
            }

            assertThat(timer("vllm:request_queue_time_seconds", 0).count()).isEqualTo(2);
            assertThat(timer("vllm:request_queue_time_seconds", 1).count()).isZero();
            for (int stage = 0; stage < 2; stage++) {
                // An opening, three records of the prompt and nine tokens of each session; two stages may share passes.
                assertThat(timer("tributary.decoder.hop", stage).count()).isGreaterThanOrEqualTo(2 * 13);
                assertThat(timer("tributary.decoder.pass", stage).count()).isGreaterThanOrEqualTo(2 * 10);
                assertThat(registry.get("tributary.decoder.pass.rows")
                                .tag("stage", Integer.toString(stage))
                                .summary()
                                .totalAmount())
                        .isEqualTo(2 * 49);
            }
        }
    }

    @Test
    void aTakeoverWithSomethingToReplayIsTimedOnce() {
        try (TestShards shards = observed(1)) {
            Replica first = shards.start(0);
            String chat = shards.openChat(0, 20, 5, 4);
            shards.await(() -> shards.tokensOf(chat).total() == 5);
            first.shard().close();
            assertThat(timer("tributary.decoder.replay", 0).count()).isZero();
            shards.start(0);

            shards.await(() -> timer("tributary.decoder.replay", 0).count() == 1);
        }
    }

    @Test
    void theHitRateOfThePrefixCacheIsThatOfThePositionsOfPrompts() {
        try (TestShards shards = observed(1)) {
            Replica replica = shards.start(0);
            // One record of the prompt has the whole shared page, so that no turn of the shard sees a part of it alone.
            shards.promptChunk(64);
            for (int session = 0; session < 2; session++) {
                String id = shards.open(session, 100, 5, 4);
                shards.await(() -> shards.tokensOf(id).complete());
            }

            assertThat(replica.shard().figures().prefixQueries.sum()).isEqualTo(200);
            assertThat(replica.shard().figures().prefixHits.sum()).isEqualTo(64);
        }
    }

    private TestShards observed(int stages) {
        TestShards shards = new TestShards(stages);
        shards.observeWith(new ShardTelemetry(registry, Tracing.off()));
        return shards;
    }

    private Timer timer(String name, int stage) {
        return registry.get(name)
                .tags("model_name", "kjv", "stage", Integer.toString(stage))
                .timer();
    }
}
