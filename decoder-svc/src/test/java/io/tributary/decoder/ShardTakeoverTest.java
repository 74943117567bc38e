package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.decoder.TestShards.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of sessions when shards are lost, replaced, drained and added. */
@Timeout(120)
class ShardTakeoverTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSessionGoesOnWithTheSameBitsWhenItsShardIsLost(int stages) {
        List<Object> undisturbed = undisturbed(stages, 0, 40, 60, 7);
        for (int lost = 0; lost < stages; lost++) {
            try (TestShards shards = new TestShards(stages)) {
                List<Replica> first = startAll(shards, stages);
                String session = shards.open(0, 40, 60, 7);
                shards.awaitTokens(session, 20);

                first.get(lost).log().sever();
                shards.start(lost);

                assertThat(finished(shards, session).bits()).isEqualTo(undisturbed);
            }
        }
    }

    @Test
    void appendsOfAShardThatWakesUpAfterItWasReplacedAreRecognisedAndDropped() {
        List<Object> undisturbed = undisturbed(2, 0, 30, 80, 8);
        try (TestShards shards = new TestShards(2)) {
            Replica first = shards.start(0);
            shards.start(1);
            String session = shards.open(0, 30, 80, 8);
            shards.awaitTokens(session, 10);
            first.log().sever();
            Replica second = shards.start(0);
            shards.awaitTokens(session, 30);

            first.log().releaseAppends();

            assertThat(finished(shards, session).bits()).isEqualTo(undisturbed);
            assertThat(second.shard().figures().claims.sum()).isEqualTo(TestShards.LANES);
        }
    }

    @Test
    void aChatGoesOnIfItsShardIsLostBeforeTheEndOfATurnIsCommittedButAfterTheNextHasBegun() {
        List<Object> undisturbed;
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String chat = shards.openChat(0, 20, 10, 6);
            shards.awaitTokens(chat, 10);
            shards.proceed(chat, 7, 12, 5);
            undisturbed = turns(shards, chat, 22);
        }
        try (TestShards shards = new TestShards(1)) {
            Replica first = shards.start(0);
            first.log().loseCommits();
            String chat = shards.openChat(0, 20, 10, 6);
            shards.awaitTokens(chat, 10);
            first.log().sever();
            shards.proceed(chat, 7, 12, 5);

            shards.start(0);

            assertThat(turns(shards, chat, 22)).isEqualTo(undisturbed);
        }
    }

    private static List<Object> turns(TestShards shards, String chat, int tokens) {
        shards.await(() -> shards.tokensOf(chat).total() == tokens);
        return shards.tokensOf(chat).bits();
    }

    @Test
    void sessionsOfManyLanesSurviveOneLossAfterAnother() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int count = 12;
        List<List<Object>> undisturbed = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            undisturbed.add(undisturbed(2, index % TestShards.LANES, promptOf(index), tokensOf(index), index));
        }
        try (TestShards shards = new TestShards(2)) {
            List<Replica> running = startAll(shards, 2);
            running.addAll(startAll(shards, 2));
            List<String> sessions = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                sessions.add(shards.open(index % TestShards.LANES, promptOf(index), tokensOf(index), index));
            }
            for (int loss = 0; loss < 6; loss++) {
                String watched = sessions.get(random.nextInt(count));
                int more = shards.tokensOf(watched).count() + random.nextInt(10);
                shards.await(() -> shards.tokensOf(watched).count() >= more
                        || shards.tokensOf(watched).complete());
                int victim = random.nextInt(running.size());
                running.get(victim).log().sever();
                running.set(victim, shards.start(victim % 2));
            }
            for (int index = 0; index < count; index++) {
                assertThat(finished(shards, sessions.get(index)).bits())
                        .as("seed %d, session %d", seed, index)
                        .isEqualTo(undisturbed.get(index));
            }
            shards.await(
                    () -> running.stream().allMatch(replica -> replica.shard().liveSessions() == 0));
        }
    }

    @Test
    void aShardThatIsAddedTakesItsShareAndOneThatIsDrainedGivesItBack() {
        List<Object> undisturbed = undisturbed(1, 1, 20, 100, 3);
        try (TestShards shards = new TestShards(1)) {
            Replica first = shards.start(0);
            String session = shards.open(1, 20, 100, 3);
            shards.awaitTokens(session, 5);
            Replica second = shards.start(0);
            shards.await(() -> !second.shard().lanes().isEmpty()
                    && first.shard().lanes().size() + second.shard().lanes().size() == TestShards.LANES);
            shards.awaitTokens(session, 30);

            first.shard().close();

            shards.await(() -> second.shard().lanes().size() == TestShards.LANES);
            SessionTokens tokens = finished(shards, session);
            assertThat(tokens.bits()).isEqualTo(undisturbed);
            assertThat(tokens.repetitions())
                    .as("a drained shard commits what it has emitted")
                    .isZero();
        }
    }

    @Test
    void aCancelledSessionLeavesNothingBehind() {
        try (TestShards shards = new TestShards(2)) {
            List<Replica> running = startAll(shards, 2);
            String session = shards.open(0, 10, 100, 1);
            shards.awaitTokens(session, 3);

            shards.cancel(session);

            shards.await(
                    () -> running.stream().allMatch(replica -> replica.shard().liveSessions() == 0));
            assertThat(shards.tokensOf(session).count()).isLessThan(100);
        }
    }

    private static int promptOf(int index) {
        return 1 + index * 7 % 50;
    }

    private static int tokensOf(int index) {
        return 5 + index * 11 % 70;
    }

    private static List<Replica> startAll(TestShards shards, int stages) {
        List<Replica> replicas = new ArrayList<>();
        for (int stage = 0; stage < stages; stage++) {
            replicas.add(shards.start(stage));
        }
        return replicas;
    }

    private static List<Object> undisturbed(int stages, int lane, int promptLength, int maximalTokens, long seed) {
        try (TestShards shards = new TestShards(stages)) {
            startAll(shards, stages);
            SessionTokens tokens = finished(shards, shards.open(lane, promptLength, maximalTokens, seed));
            assertThat(tokens.count()).isEqualTo(maximalTokens);
            return tokens.bits();
        }
    }

    private static SessionTokens finished(TestShards shards, String session) {
        shards.await(() ->
                shards.tokensOf(session).complete() || shards.tokensOf(session).failed());
        assertThat(shards.tokensOf(session).failure()).isNull();
        return shards.tokensOf(session);
    }
}
