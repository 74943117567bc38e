package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.rpc.Code;
import io.tributary.decoder.TestShards.Replica;
import io.tributary.proto.log.v1.Constraint;
import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.LogitBias;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.tokenizers.TokenPieces;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions whose text must have a form. */
@Timeout(120)
class ConstrainedSessionTest {
    private static final int LANE = 0;
    private static final int PROMPT = 20;
    private static final int MOST = 100;

    /** 64 positions of keys and values, float32 [192] each, over 5 layers. */
    private static final long PAGE_BYTES = 64 * 2 * 192 * 5 * Float.BYTES;

    /** An object that needs many tokens, and has an end. */
    private static final String SCHEMA = """
            {"type": "object", "properties": {
              "name": {"type": "string", "minLength": 5, "maxLength": 12},
              "virtues": {"type": "array", "items": {"enum": ["faith", "hope", "charity"]}, "minItems": 3, "maxItems": 4},
              "age": {"type": "integer", "minimum": 100, "maximum": 999}},
             "required": ["name", "virtues", "age"], "additionalProperties": false}""";

    private static final Constraint JSON =
            Constraint.newBuilder().setJsonSchema(SCHEMA).build();

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 5, 8})
    void theTextIsWhatTheSchemaDescribesAndEndsThere(long seed) throws Exception {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String session = open(shards, JSON, seed);

            SessionTokens tokens = finished(shards, session);

            assertThat(tokens.last().getFinishReason()).isEqualTo(FinishReason.FINISH_REASON_END_OF_TEXT);
            checkDocument(text(tokens));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3})
    void aShardThatTakesOverGoesOnInTheMiddleOfTheForm(long seed) throws Exception {
        List<Object> undisturbed;
        try (TestShards shards = new TestShards(2)) {
            startAll(shards);
            undisturbed = finished(shards, open(shards, JSON, seed)).bits();
        }
        for (boolean commits : new boolean[] {true, false}) {
            try (TestShards shards = new TestShards(2)) {
                Replica last = startAll(shards).getLast();
                if (!commits) {
                    last.log().loseCommits();
                }
                String session = open(shards, JSON, seed);
                shards.awaitTokens(session, 15);

                last.log().sever();
                shards.start(1);

                SessionTokens tokens = finished(shards, session);
                assertThat(tokens.bits()).isEqualTo(undisturbed);
                checkDocument(text(tokens));
            }
        }
    }

    @Test
    void eachTurnOfAChatHasTheFormOfItsOwn() {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String chat = shards.open(
                    LANE,
                    constrained(shards.opening(PROMPT, 30, 6), expression("(yea|nay), verily"))
                            .setKeepsOpen(true)
                            .setMaxPositions(128),
                    shards.prompt(PROMPT, 6));
            SessionTokens first = finished(shards, chat);
            assertThat(text(first)).matches("(yea|nay), verily");
            int before = first.total();

            shards.proceed(
                    chat,
                    7,
                    40,
                    5,
                    TestShards.sampling(5).setIgnoreEndOfText(false).setConstraint(expression("[0-9]{3}:[0-9]{2}")));
            shards.await(() -> shards.tokensOf(chat).total() > before
                    && shards.tokensOf(chat).last().getFinishReason() != FinishReason.FINISH_REASON_UNSPECIFIED);

            List<SampledToken> all = shards.tokensOf(chat).all();
            assertThat(text(all.subList(before, all.size()))).matches("[0-9]{3}:[0-9]{2}");
        }
    }

    @Test
    void aModelWithoutATokenForTheEndEndsBehindTheLastTokenThatTheFormAllows() {
        try (TestShards shards = new TestShards(1)) {
            shards.withoutEndOfText();
            shards.start(0);
            SessionTokens tokens = finished(shards, open(shards, expression("(yea|nay), verily"), 3));
            assertThat(text(tokens.all())).matches("(yea|nay), verily");
            assertThat(tokens.last().getFinishReason()).isEqualTo(FinishReason.FINISH_REASON_END_OF_TEXT);
        }
    }

    @Test
    void whoIgnoresTheEndOfTextGetsItAgainAndAgainBehindACompleteText() {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            OpenSession.Builder opening = constrained(shards.opening(PROMPT, 40, 3), expression("(yea|nay), verily"));
            opening.getSamplingBuilder().setIgnoreEndOfText(true);
            SessionTokens tokens = finished(shards, shards.open(LANE, opening, shards.prompt(PROMPT, 3)));
            assertThat(tokens.count()).isEqualTo(40);
            assertThat(tokens.last().getTokenId()).isZero();
            assertThat(tokens.last().getFinishReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
        }
    }

    @Test
    void aTextThatIsNotDoneAtTheMostTokensEndsByItsLength() {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            OpenSession.Builder opening = constrained(shards.opening(PROMPT, 4, 3), JSON);
            SessionTokens tokens = finished(shards, shards.open(LANE, opening, shards.prompt(PROMPT, 3)));
            assertThat(tokens.count()).isEqualTo(4);
            assertThat(tokens.last().getFinishReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
            assertThat(text(tokens)).startsWith("{");
        }
    }

    @Test
    void biasesAndTheFormTogetherLeaveTheLogprobsToTheModel() {
        int seven = tokenOf("7");
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String free = shards.open(LANE, shards.opening(PROMPT, 1, 2), shards.prompt(PROMPT, 2));
            SampledToken favourite = finished(shards, free).last();
            OpenSession.Builder opening = constrained(shards.opening(PROMPT, 30, 2), expression("[0-9]{8}"));
            opening.getSamplingBuilder()
                    .addLogitBias(LogitBias.newBuilder().setTokenId(seven).setBias(100));
            String session = shards.open(LANE, opening, shards.prompt(PROMPT, 2));

            SessionTokens tokens = finished(shards, session);

            assertThat(text(tokens)).isEqualTo("77777777");
            SampledToken first = tokens.all().getFirst();
            assertThat(first.getTokenId()).isEqualTo(seven);
            assertThat(first.getTopLogprobsList()).isEqualTo(favourite.getTopLogprobsList());
            assertThat(first.getLogprob()).isLessThan(favourite.getLogprob());
        }
    }

    @Test
    void aChatThatWasEvictedHasTheFormOfItsNextTurn() {
        try (TestShards shards = new TestShards(1, TestShards.LIMITS, 2 * PAGE_BYTES)) {
            Replica replica = shards.start(0);
            String chat = shards.open(
                    LANE,
                    constrained(shards.opening(PROMPT, 20, 6), expression("(yea|nay), verily"))
                            .setKeepsOpen(true)
                            .setMaxPositions(128),
                    shards.prompt(PROMPT, 6));
            int before = finished(shards, chat).total();
            shards.awaitTokens(shards.openWhenThereIsRoom(1, 100, 20, 9), 20);

            shards.proceed(chat, 7, 20, 5, TestShards.sampling(5).setConstraint(expression("[0-9]{3}:[0-9]{2}")));
            shards.await(() -> shards.tokensOf(chat).total() == before + 20);

            List<SampledToken> all = shards.tokensOf(chat).all();
            assertThat(text(all.subList(before, all.size()))).matches("[0-9]{3}:[0-9]{2}");
            assertThat(replica.shard().figures().rebuilds.sum()).isOne();
        }
    }

    @Test
    void tokensBehindThePromptThatBreakTheFormEndTheirSessionAlone() {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String other = shards.open(1, PROMPT, 60, 4);
            OpenSession.Builder opening = constrained(shards.opening(PROMPT, 60, 2), expression("[0-9]{30}"));
            String session = shards.open(LANE, opening, shards.prompt(PROMPT + 2, 2));
            assertFailed(shards, session, Code.INTERNAL, "at position 20 is none that the session's constraint allows");
            assertThat(finished(shards, other).count()).isEqualTo(60);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aConstraintThatCannotBeCompiledFailsItsSessionAlone(int stages) {
        try (TestShards shards = new TestShards(stages)) {
            for (int stage = 0; stage < stages; stage++) {
                shards.start(stage);
            }
            String other = shards.open(1, PROMPT, 60, 4);
            for (Constraint wrong : List.of(
                    Constraint.newBuilder().setJsonSchema("{\"type\": 7}").build(),
                    Constraint.newBuilder().setJsonSchema("no schema").build(),
                    expression("(unclosed"),
                    Constraint.newBuilder().setGbnf("start ::= \"no root\"").build())) {
                String session = open(shards, wrong, 2);
                assertFailed(shards, session, Code.INVALID_ARGUMENT, "constraint");
            }
            assertThat(finished(shards, other).count()).isEqualTo(60);
        }
    }

    @Test
    void aConstraintOfAKindThatTheShardDoesNotKnowFailsTheSessionClearly() {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            String session = open(shards, Constraint.getDefaultInstance(), 2);
            assertFailed(shards, session, Code.UNIMPLEMENTED, "it knows json_schema, regular_expression and gbnf");
        }
    }

    @Test
    void ngramsThatRuleOutAllThatTheFormAllowsFailTheSession() {
        try (TestShards shards = new TestShards(1)) {
            shards.start(0);
            OpenSession.Builder opening = constrained(shards.opening(PROMPT, 60, 2), expression("(ab){30}"));
            opening.getSamplingBuilder().setNoRepeatNgramSize(1);
            String session = shards.open(LANE, opening, shards.prompt(PROMPT, 2));
            assertFailed(shards, session, Code.FAILED_PRECONDITION, "every token that the constraint allows");
        }
    }

    private static void assertFailed(TestShards shards, String session, Code code, String message) {
        shards.await(() -> shards.tokensOf(session).failed());
        assertThat(shards.tokensOf(session).failure()).satisfies(failure -> {
            assertThat(failure.getCode()).isEqualTo(code.getNumber());
            assertThat(failure.getMessage()).contains(message);
        });
    }

    private static void checkDocument(String text) throws Exception {
        JsonNode document = new ObjectMapper().readTree(text);
        List<String> names = new ArrayList<>();
        document.fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactlyInAnyOrder("name", "virtues", "age");
        assertThat(document.get("name")
                        .textValue()
                        .codePointCount(0, document.get("name").textValue().length()))
                .isBetween(5, 12);
        assertThat(document.get("virtues"))
                .hasSizeBetween(3, 4)
                .allSatisfy(virtue -> assertThat(virtue.textValue()).isIn("faith", "hope", "charity"));
        assertThat(document.get("age").isIntegralNumber()).isTrue();
        assertThat(document.get("age").intValue()).isBetween(100, 999);
    }

    private static Constraint expression(String pattern) {
        return Constraint.newBuilder().setRegularExpression(pattern).build();
    }

    private static String open(TestShards shards, Constraint constraint, long seed) {
        return shards.open(
                LANE, constrained(shards.opening(PROMPT, MOST, seed), constraint), shards.prompt(PROMPT, seed));
    }

    private static OpenSession.Builder constrained(OpenSession.Builder opening, Constraint constraint) {
        opening.getSamplingBuilder().setConstraint(constraint).setIgnoreEndOfText(false);
        return opening;
    }

    private static List<Replica> startAll(TestShards shards) {
        return List.of(shards.start(0), shards.start(1));
    }

    private static SessionTokens finished(TestShards shards, String session) {
        shards.await(() ->
                shards.tokensOf(session).complete() || shards.tokensOf(session).failed());
        assertThat(shards.tokensOf(session).failure()).isNull();
        return shards.tokensOf(session);
    }

    private static int tokenOf(String text) {
        TokenPieces pieces = TokenPieces.open(TestShards.model().path());
        return IntStream.range(0, pieces.size())
                .filter(id -> new String(pieces.piece(id), StandardCharsets.UTF_8).equals(text))
                .findFirst()
                .orElseThrow();
    }

    private static String text(SessionTokens tokens) {
        return text(tokens.all());
    }

    private static String text(List<SampledToken> tokens) {
        TokenPieces pieces = TokenPieces.open(TestShards.model().path());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (SampledToken token : tokens) {
            if (!pieces.specialIds().contains(token.getTokenId())) {
                bytes.writeBytes(pieces.piece(token.getTokenId()));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
