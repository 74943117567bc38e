package io.tributary.bench.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.Batch;
import io.tributary.models.DecoderStage;
import io.tributary.models.KeyValueBudget;
import io.tributary.models.LogitsRows;
import io.tributary.models.SequenceState;
import io.tributary.models.StageRange;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticModelTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void everyFormatIsReadWithItsTypeAndShapes(WeightFormat format) {
        try (GgufCheckpoint file = GgufCheckpoint.open(TinyModel.write(TinyModel.DENSE, format, directory))) {
            assertThat(file.require("blk.1.attn_k.weight").shape()).containsExactly(128L, 256L);
            assertThat(file.require("blk.1.ffn_down.weight").type()).isEqualTo(format.tensorType());
            assertThat(file.require("output.weight").shape()).containsExactly(300L, 256L);
            assertThat(file.require("blk.0.ffn_norm.weight").type()).isEqualTo(TensorType.F32);
            assertThat(file.tensorNames()).hasSize(3 + 2 * 9);
            assertThat(file.metadata().integer("general.file_type")).isEqualTo(format.fileType());
        }
    }

    @Test
    void expertsAreStackedAndTheirRoutersAreFloats() {
        try (GgufCheckpoint file = GgufCheckpoint.open(TinyModel.routed(directory))) {
            assertThat(file.require("blk.0.ffn_up_exps.weight").shape()).containsExactly(4L, 512L, 256L);
            assertThat(file.require("blk.0.ffn_down_exps.weight").shape()).containsExactly(4L, 256L, 512L);
            assertThat(file.require("blk.1.ffn_gate_inp.weight").type()).isEqualTo(TensorType.F32);
            assertThat(file.require("blk.1.ffn_gate_inp.weight").shape()).containsExactly(4L, 256L);
            assertThat(file.tensor("blk.0.ffn_up.weight")).isEmpty();
            assertThat(file.metadata().integer("llama.expert_count")).isEqualTo(4);
            assertThat(file.metadata().integer("llama.expert_used_count")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void theModelComputesLogitsOfTheSizeOfItsInputs(WeightFormat format) {
        Path path = TinyModel.write(TinyModel.DENSE, format, directory);
        try (WorkPool pool = new WorkPool(1);
                Checkpoint file = Checkpoint.open(path)) {
            Architecture architecture = ArchitectureReader.read(file);
            try (DecoderStage stage = DecoderStage.load(
                            file,
                            architecture,
                            StageRange.of(0, 1, 2),
                            pool,
                            new KeyValueBudget(1 << 20, KeyValueType.F32));
                    SequenceState sequence = stage.open(5)) {
                Batch batch = new Batch(5);
                batch.add(sequence, 0, new int[] {1, 299, 7, 260, 3}, LogitsRows.ALL);
                stage.forward(batch);
                assertThat(rootMeanSquare(stage.logits())).isBetween(0.5, 2.0);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameFileAndLayersDiffer() throws IOException {
        Path first = TinyModel.dense(directory);
        byte[] bytes = Files.readAllBytes(first);
        assertThat(Files.readAllBytes(TinyModel.dense(directory))).isEqualTo(bytes);
        try (Checkpoint file = Checkpoint.open(first)) {
            StoredTensor query = file.require("blk.0.attn_q.weight");
            for (String other : List.of("blk.1.attn_q.weight", "blk.0.attn_output.weight")) {
                assertThat(query.data().mismatch(file.require(other).data()))
                        .as(other)
                        .isNotNegative();
            }
        }
    }

    private static double rootMeanSquare(FloatMatrix matrix) {
        double sum = 0;
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                sum += Math.pow(matrix.get(row, column), 2);
            }
        }
        return Math.sqrt(sum / matrix.rows() / matrix.columns());
    }
}
