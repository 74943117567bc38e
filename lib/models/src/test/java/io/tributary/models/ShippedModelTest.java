package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedModelTest {
    private static final Path MODEL = Path.of(System.getProperty("tributary.root", "../.."), "models", "kjv-2.6m");

    @ParameterizedTest(name = "{0} stages")
    @ValueSource(ints = {1, 2, 5})
    void theShippedModelContinuesAsItDidInTraining(int stages) throws IOException {
        JsonNode expected =
                new ObjectMapper().readTree(MODEL.resolve("expected.json").toFile());
        int[] prompt = integers(expected.path("prompt_ids"));
        int[] continuation = integers(expected.path("greedy_ids"));
        try (Pipeline pipeline = new Pipeline(MODEL, stages, 2)) {
            assertThat(pipeline.greedy(prompt, continuation.length)).containsExactly(continuation);
            try (Pipeline.Sequence sequence = pipeline.open(prompt.length)) {
                float[] logits = pipeline.run(List.of(new Pipeline.Chunk(sequence, prompt)), LogitsRows.LAST)
                        .getFirst();
                JsonNode first = expected.path("last_prompt_logits_first8");
                for (int id = 0; id < first.size(); id++) {
                    assertThat(logits[id])
                            .as("logit of token %d", id)
                            .isCloseTo((float) first.get(id).doubleValue(), within(1e-4f));
                }
            }
        }
    }

    private static int[] integers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }
}
