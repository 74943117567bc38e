package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.decoder.TestShards.Replica;
import io.tributary.proto.log.v1.SampledToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the last stage reports of the experts that were chosen, against one pass of the whole model. */
@Timeout(120)
class ReportedRoutingTest {
    private static final int PROMPT = 80;
    private static final int TOKENS = 20;
    private static final long SEED = 5;

    @TempDir
    static Path directory;

    @BeforeAll
    static void makeModel() throws IOException {
        MixtureModel.write(directory);
    }

    @ParameterizedTest(name = "{0} stages, {1} positions a record")
    @CsvSource({"1, 7", "1, 80", "2, 1", "2, 33", "2, 64"})
    void everyPositionIsReportedWithTheExpertsThatItGot(int stages, int chunk) {
        try (TestShards shards = new TestShards(directory, stages)) {
            startAll(shards, stages);
            shards.promptChunk(chunk);
            String before = shards.open(0, PROMPT, TOKENS, 6);
            String session = open(shards, PROMPT);
            String behind = shards.open(1, PROMPT, TOKENS, 7);

            assertThat(choices(shards, session)).isEqualTo(computed(shards, session));
            assertThat(shards.tokensOf(session).repetitions()).isZero();
            assertThat(choices(shards, before)).as("of one that does not ask").isEmpty();
            assertThat(choices(shards, behind)).as("of one that does not ask").isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} stages")
    @ValueSource(ints = {1, 2})
    void aShardThatTakesOverReportsTheRestWithTheSameBits(int stages) {
        for (int lost = 0; lost < stages; lost++) {
            for (boolean inThePrompt : new boolean[] {true, false}) {
                try (TestShards shards = new TestShards(directory, stages)) {
                    List<Replica> replicas = startAll(shards, stages);
                    int fed = inThePrompt ? PROMPT / 2 : PROMPT;
                    String session = open(shards, fed);
                    int reported = inThePrompt ? fed : PROMPT + TOKENS / 2;
                    shards.await(() -> shards.tokensOf(session).choices().size() >= reported);

                    replicas.get(lost).log().sever();
                    shards.start(lost);
                    shards.feed(session, shards.prompt(PROMPT, SEED), fed, PROMPT);

                    assertThat(choices(shards, session)).isEqualTo(computed(shards, session));
                }
            }
        }
    }

    @Test
    void aPromptThatOthersHadBeforeIsReportedToo() {
        try (TestShards shards = new TestShards(directory, 1)) {
            Replica replica = shards.start(0);
            shards.promptChunk(64);
            choices(shards, shards.open(0, PROMPT, TOKENS, SEED));

            String session = open(shards, PROMPT);

            assertThat(choices(shards, session)).isEqualTo(computed(shards, session));
            assertThat(replica.shard().figures().adoptedPositions.sum()).isZero();
        }
    }

    @Test
    void aPromptOfOnePositionIsReportedWithTheFirstToken() {
        try (TestShards shards = new TestShards(directory, 2)) {
            startAll(shards, 2);
            String session = shards.open(0, shards.opening(1, 1, SEED).setReportsRouting(true), shards.prompt(1, SEED));

            assertThat(choices(shards, session))
                    .isEqualTo(computed(shards, session))
                    .hasSize(1);
        }
    }

    private static List<Replica> startAll(TestShards shards, int stages) {
        return IntStream.range(0, stages).mapToObj(shards::start).toList();
    }

    /** Opens a session with the first tokens of its prompt. */
    private static String open(TestShards shards, int tokens) {
        return shards.open(
                0,
                shards.opening(PROMPT, TOKENS, SEED).setReportsRouting(true),
                shards.prompt(PROMPT, SEED).subList(0, tokens));
    }

    private static Map<Integer, List<ExpertChoice>> choices(TestShards shards, String session) {
        shards.await(() ->
                shards.tokensOf(session).complete() || shards.tokensOf(session).failed());
        assertThat(shards.tokensOf(session).failure()).isNull();
        return shards.tokensOf(session).choices();
    }

    /** What one pass gives for all positions that were computed: the last token is not. */
    private static Map<Integer, List<ExpertChoice>> computed(TestShards shards, String session) {
        List<SampledToken> tokens = shards.tokensOf(session).all();
        List<Integer> text = new ArrayList<>(shards.prompt(tokens.getFirst().getPosition(), SEED));
        tokens.subList(0, tokens.size() - 1).forEach(token -> text.add(token.getTokenId()));
        return shards.choices(text);
    }
}
