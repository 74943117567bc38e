package io.tributary.grammars;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomSchemaTest {
    private static final int SCHEMAS = 600;

    private final ObjectMapper mapper = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private final TestVocabulary vocabulary = TestVocabulary.of(1, 600);

    @Test
    void anyTextOfRandomWeightsIsValid() throws Exception {
        for (long seed = 0; seed < SCHEMAS; seed++) {
            Random random = new Random(seed);
            ObjectNode schema = new RandomSchema(random).root();
            CompiledGrammar grammar = vocabulary.compile(Grammar.ofJsonSchema(schema.toString()));
            JsonSchema judge = judge(mapper.readTree(schema.toString()));
            for (int walk = 0; walk < 3; walk++) {
                String text = Walk.ofJson(vocabulary, grammar, random, random.nextInt(60))
                        .text();
                assertThat(judge.validate(
                                mapper.readTree(text),
                                context -> context.getExecutionConfig().setFormatAssertionsEnabled(true)))
                        .as("seed %d, schema %s, text %s", seed, schema, text)
                        .isEmpty();
            }
        }
    }

    @Test
    void theSameTokensLeadToTheSameMasks() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            String schema = new RandomSchema(random).root().toString();
            CompiledGrammar grammar = vocabulary.compile(Grammar.ofJsonSchema(schema));
            Walk walk = Walk.ofJson(vocabulary, grammar, random, 40);
            GrammarState again = grammar.start();
            GrammarState elsewhere =
                    vocabulary.compile(Grammar.ofJsonSchema(schema)).start();
            for (int token : walk.tokens()) {
                assertThat(elsewhere.allowed()).as("seed %d", seed).isEqualTo(again.allowed());
                again = again.next(token);
                elsewhere = elsewhere.next(token);
            }
            assertThat(elsewhere.complete()).isTrue();
        }
    }

    private static JsonSchema judge(JsonNode schema) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    }
}
