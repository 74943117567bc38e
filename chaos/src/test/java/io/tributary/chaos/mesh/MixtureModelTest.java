package io.tributary.chaos.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.checkpoints.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureModelTest {
    private static final int POSITIONS = 512;
    private static final long MOST_BYTES = 16 << 20;

    @TempDir
    Path directory = Path.of("");

    @Test
    void theModelHasTheSameBitsWheneverItIsMade() throws IOException {
        Path weights = make("first").resolve("model.safetensors");

        assertThat(weights).hasSameBinaryContentAs(make("second").resolve("model.safetensors"));
        assertThat(Files.size(weights)).isLessThan(MOST_BYTES);
    }

    @Test
    void noTwoExpertsAreAlike() throws IOException {
        try (HuggingFaceCheckpoint model = HuggingFaceCheckpoint.open(make("model"))) {
            List<StoredTensor> experts = IntStream.range(0, MixtureModel.EXPERTS)
                    .mapToObj(
                            expert -> model.require("model.layers.4.mlp.experts.%d.down_proj.weight".formatted(expert)))
                    .toList();

            for (int first = 0; first < experts.size(); first++) {
                for (int second = 0; second < first; second++) {
                    assertThat(experts.get(first)
                                    .data()
                                    .mismatch(experts.get(second).data()))
                            .as("experts %d and %d", first, second)
                            .isNotEqualTo(-1);
                }
            }
        }
    }

    @Test
    void whatIsNoFeedForwardIsThatOfTheDenseModel() throws IOException {
        Path dense = LongContextModel.make(directory, POSITIONS);
        try (HuggingFaceCheckpoint source = HuggingFaceCheckpoint.open(dense);
                HuggingFaceCheckpoint model = HuggingFaceCheckpoint.open(MixtureModel.make(dense, directory))) {
            JsonNode configuration = model.configuration();

            assertThat(configuration.get("max_position_embeddings").asInt()).isEqualTo(POSITIONS);
            assertThat(model.require("model.layers.2.self_attn.q_proj.weight")
                            .data()
                            .mismatch(source.require("model.layers.2.self_attn.q_proj.weight")
                                    .data()))
                    .isEqualTo(-1);
            assertThat(model.tensor("model.layers.2.mlp.gate_proj.weight")).isEmpty();
        }
    }

    private Path make(String name) throws IOException {
        Path folder = directory.resolve(name);
        return MixtureModel.make(LongContextModel.make(folder, POSITIONS), folder);
    }
}
