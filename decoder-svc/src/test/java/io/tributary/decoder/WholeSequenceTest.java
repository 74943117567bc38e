package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.tributary.models.architecture.ExpertCapacity;
import io.tributary.models.architecture.Gating;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.SessionFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Models that choose experts for all tokens of a sequence at once: prompts can be read, but not continued. */
@Timeout(120)
class WholeSequenceTest {
    private static final int LENGTH = 100;

    static final List<Gating> GATINGS = List.of(
            new Gating.ExpertChoice(new ExpertCapacity.Share(2)),
            new Gating.SwitchTopOne(new ExpertCapacity.Share(1.25)));

    @TempDir
    static Path directory;

    @BeforeAll
    static void makeModel() throws IOException {
        MixtureModel.write(directory);
    }

    @ParameterizedTest
    @FieldSource("GATINGS")
    void promptsOfOneRecordAreReadWithWhatBelongsTogetherInOnePass(Gating gating) {
        for (int stages = 1; stages <= 2; stages++) {
            try (TestShards shards = started(gating, stages)) {
                shards.promptChunk(LENGTH);
                // Together they are more than a pass takes, and no multiple of it.
                List<String> sessions = IntStream.range(0, 10)
                        .mapToObj(seed -> shards.open(
                                seed % TestShards.LANES, reading(shards, seed), shards.prompt(LENGTH, seed)))
                        .toList();
                for (int seed = 0; seed < sessions.size(); seed++) {
                    String session = sessions.get(seed);
                    shards.await(() -> shards.tokensOf(session).complete()
                            || shards.tokensOf(session).failed());
                    assertThat(shards.tokensOf(session).failure()).isNull();
                    assertThat(shards.tokensOf(session).embeddings())
                            .containsExactly(shards.embedding(shards.prompt(LENGTH, seed)));
                    assertThat(shards.tokensOf(session).scores()).hasSize(LENGTH - 1);
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("GATINGS")
    void aTextIsNotContinued(Gating gating) {
        try (TestShards shards = started(gating, 2)) {
            List<String> sessions = List.of(shards.open(0, 10, 2, 1), shards.openChat(1, 10, 1, 1));

            assertThat(sessions.stream().map(session -> failure(shards, session)))
                    .allSatisfy(failure -> {
                        assertThat(failure.getCode()).isEqualTo(Code.FAILED_PRECONDITION_VALUE);
                        assertThat(failure.getMessage())
                                .contains("all tokens of a sequence at once", "continued token by token");
                    });
        }
    }

    @ParameterizedTest
    @FieldSource("GATINGS")
    void aPromptOfSeveralRecordsIsRefused(Gating gating) {
        try (TestShards shards = started(gating, 1)) {
            shards.promptChunk(LENGTH - 1);
            String session = shards.open(0, reading(shards, 1), shards.prompt(LENGTH, 1));

            assertThat(failure(shards, session).getCode()).isEqualTo(Code.FAILED_PRECONDITION_VALUE);
            assertThat(failure(shards, session).getMessage()).contains("one record", "100", "99");
        }
    }

    private static TestShards started(Gating gating, int stages) {
        TestShards shards = new TestShards(directory, stages);
        shards.chooseExperts(gating);
        IntStream.range(0, stages).forEach(shards::start);
        return shards;
    }

    private static OpenSession.Builder reading(TestShards shards, long seed) {
        return shards.opening(LENGTH, 1, seed).setScoresPrompt(true).setEmbedsPrompt(true);
    }

    private static SessionFailure failure(TestShards shards, String session) {
        shards.await(() -> shards.tokensOf(session).failed());
        return Objects.requireNonNull(shards.tokensOf(session).failure());
    }
}
