package io.tributary.bench.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.bench.synthetic.TinyModel;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufWriter;
import io.tributary.checkpoints.StoredTensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightTrafficTest {
    private static final double BYTES_PER_WEIGHT = 34.0 / 32;
    private static final double ATTENTION = 2 * 256 * 256 + 2 * 128 * 256;
    private static final double NETWORK = 3 * 512 * 256;
    private static final double UNEMBEDDING = 300 * 256;
    private static final double NORM_BYTES = 5 * 256 * Float.BYTES;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void decodingReadsAllWeightsButTheEmbeddingAndAPromptSkipsTheUnembedding() {
        try (Checkpoint file = Checkpoint.open(TinyModel.dense(directory))) {
            WeightTraffic traffic = WeightTraffic.of(file, false);
            assertThat(traffic.prefillMultiplyAdds()).isEqualTo(2 * (ATTENTION + NETWORK));
            assertThat(traffic.decodeBytes())
                    .isEqualTo(BYTES_PER_WEIGHT * (2 * (ATTENTION + NETWORK) + UNEMBEDDING) + NORM_BYTES);
        }
    }

    @Test
    void onlyTheExpertsThatATokenUsesCount() {
        try (Checkpoint file = Checkpoint.open(TinyModel.routed(directory))) {
            double router = 4 * 256;
            WeightTraffic traffic = WeightTraffic.of(file, false);
            assertThat(traffic.prefillMultiplyAdds()).isEqualTo(2 * (ATTENTION + 2 * NETWORK + router));
            assertThat(traffic.decodeBytes())
                    .isEqualTo(BYTES_PER_WEIGHT * (2 * (ATTENTION + 2 * NETWORK) + UNEMBEDDING)
                            + 2 * router * Float.BYTES
                            + NORM_BYTES);
        }
    }

    @Test
    void aTiedEmbeddingIsReadAsTheUnembedding() {
        Path path = directory.resolve("tied.gguf");
        new GgufWriter()
                .string("general.architecture", "llama")
                .tensor(StoredTensor.ofFloats("token_embd.weight", List.of(3L, 2L), new float[6]))
                .write(path);
        try (Checkpoint file = Checkpoint.open(path)) {
            assertThat(WeightTraffic.of(file, true)).isEqualTo(new WeightTraffic(24, 0));
        }
    }
}
