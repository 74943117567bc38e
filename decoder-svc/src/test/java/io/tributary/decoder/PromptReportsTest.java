package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tributary.decoder.TestShards.Replica;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.TokenScore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the last stage tells of prompts besides the token behind them. */
@Timeout(120)
class PromptReportsTest {
    private static final int LENGTH = 100;

    /** 64 positions of keys and values, float32 [192] each, over 5 layers. */
    private static final long PAGE_BYTES = 64 * 2 * 192 * 5 * Float.BYTES;

    /** A text of the model, and the scores that its tokens were reported with when they were generated one by one. */
    private record GeneratedText(List<Integer> tokens, Map<Integer, TokenScore> scores) {
        static GeneratedText make() {
            try (TestShards shards = new TestShards(1)) {
                shards.start(0);
                String session = shards.open(0, 1, LENGTH - 1, 5);
                shards.await(() -> shards.tokensOf(session).complete());
                Map<Integer, TokenScore> scores = new TreeMap<>();
                for (SampledToken token : shards.tokensOf(session).all()) {
                    scores.put(token.getPosition(), scoreOf(token));
                }
                return new GeneratedText(
                        Stream.concat(
                                        shards.prompt(1, 5).stream(),
                                        scores.values().stream().map(TokenScore::getTokenId))
                                .toList(),
                        scores);
            }
        }

        private static TokenScore scoreOf(SampledToken token) {
            return TokenScore.newBuilder()
                    .setTokenId(token.getTokenId())
                    .setLogprob(token.getLogprob())
                    .addAllTopLogprobs(token.getTopLogprobsList())
                    .build();
        }
    }

    @ParameterizedTest(name = "{0} stages, {1} positions a record")
    @CsvSource({"1, 1", "1, 7", "1, 100", "2, 1", "2, 33", "2, 64"})
    void tokensOfAPromptHaveTheScoresThatTheyHadWhenTheyWereGenerated(int stages, int chunk) {
        GeneratedText text = GeneratedText.make();
        try (TestShards shards = new TestShards(stages)) {
            startAll(shards, stages);
            shards.promptChunk(chunk);

            String session = openScored(shards, text);

            assertThat(scores(shards, session)).isEqualTo(text.scores());
            assertThat(shards.tokensOf(session).repetitions()).isZero();
        }
    }

    @Test
    void aPromptThatOthersHadBeforeIsScoredToo() {
        GeneratedText text = GeneratedText.make();
        try (TestShards shards = new TestShards(1)) {
            Replica replica = shards.start(0);
            scores(shards, openScored(shards, text));
            scores(shards, openScored(shards, text));

            assertThat(scores(shards, openScored(shards, text))).isEqualTo(text.scores());
            assertThat(replica.shard().figures().adoptedPositions.sum()).isZero();
        }
    }

    @Test
    void aPromptOfOneTokenHasNoScoreButAToken() {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String session = shards.open(0, shards.opening(1, 1, 4).setScoresPrompt(true), shards.prompt(1, 4));
            assertThat(scores(shards, session)).isEmpty();
            assertThat(shards.tokensOf(session).count()).isOne();
        }
    }

    @Test
    void aShardThatTakesOverInTheMiddleOfAPromptScoresTheRestWithTheSameBits() {
        GeneratedText text = GeneratedText.make();
        for (boolean drained : new boolean[] {true, false}) {
            try (TestShards shards = new TestShards(2)) {
                List<Replica> replicas = startAll(shards, 2);
                String session = openScored(shards, text, LENGTH / 2);
                shards.await(() -> shards.tokensOf(session).scores().size() == LENGTH / 2 - 1);

                Replica lost = replicas.getLast();
                if (drained) {
                    lost.shard().close();
                } else {
                    lost.log().sever();
                }
                shards.start(1);
                shards.feed(session, text.tokens(), LENGTH / 2, LENGTH);

                assertThat(scores(shards, session)).isEqualTo(text.scores());
                if (drained) {
                    assertThat(shards.tokensOf(session).repetitions())
                            .as("a drained shard commits what it has emitted")
                            .isZero();
                }
            }
        }
    }

    @Test
    void aPromptThatWasEvictedInTheMiddleIsScoredToItsEnd() {
        GeneratedText text = GeneratedText.make();
        try (TestShards shards = new TestShards(1, TestShards.LIMITS, 2 * PAGE_BYTES)) {
            Replica replica = shards.start(0);
            String session = openScored(shards, text, LENGTH / 2);
            shards.await(() -> shards.tokensOf(session).scores().size() == LENGTH / 2 - 1);
            shards.openWhenThereIsRoom(1, 100, 20, 9);

            shards.feed(session, text.tokens(), LENGTH / 2, LENGTH);

            assertThat(scores(shards, session)).isEqualTo(text.scores());
            assertThat(replica.shard().figures().rebuilds.sum()).isOne();
        }
    }

    @ParameterizedTest(name = "{0} stages, {1} positions a record")
    @CsvSource({"1, 1", "1, 7", "1, 100", "2, 33"})
    void anEmbeddingIsTheNormedStateBehindThePromptHoweverItWasCut(int stages, int chunk) {
        try (TestShards shards = new TestShards(stages)) {
            startAll(shards, stages);
            shards.promptChunk(chunk);
            List<Integer> prompt = shards.prompt(LENGTH, 8);
            ByteString expected = shards.embedding(prompt);

            String session = shards.open(0, shards.opening(LENGTH, 1, 8).setEmbedsPrompt(true), prompt);

            shards.await(() -> shards.tokensOf(session).complete());
            assertThat(shards.tokensOf(session).embeddings()).containsExactly(expected);
            String again = shards.open(0, shards.opening(LENGTH, 1, 8).setEmbedsPrompt(true), prompt);
            shards.await(() -> shards.tokensOf(again).complete());
            assertThat(shards.tokensOf(again).embeddings())
                    .as("behind pages that others have left")
                    .containsExactly(expected);
        }
    }

    @Test
    void onlyWhatIsAskedForIsTold() {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String session = shards.open(0, 20, 3, 2);
            shards.await(() -> shards.tokensOf(session).complete());
            assertThat(shards.tokensOf(session).scores()).isEmpty();
            assertThat(shards.tokensOf(session).embeddings()).isEmpty();
        }
    }

    private static List<Replica> startAll(TestShards shards, int stages) {
        return IntStream.range(0, stages).mapToObj(shards::start).toList();
    }

    private static String openScored(TestShards shards, GeneratedText text) {
        return openScored(shards, text, LENGTH);
    }

    /** Opens a session with the first tokens of its prompt. */
    private static String openScored(TestShards shards, GeneratedText text, int tokens) {
        return shards.open(
                0,
                shards.opening(LENGTH, 1, 5).setScoresPrompt(true),
                text.tokens().subList(0, tokens));
    }

    private static Map<Integer, TokenScore> scores(TestShards shards, String session) {
        shards.await(() ->
                shards.tokensOf(session).complete() || shards.tokensOf(session).failed());
        assertThat(shards.tokensOf(session).failure()).isNull();
        return shards.tokensOf(session).scores();
    }
}
