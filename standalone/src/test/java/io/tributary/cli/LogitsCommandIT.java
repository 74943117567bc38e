package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tributary.checkpoints.SafetensorsFile;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import io.tributary.kernels.KeyValueType;
import io.tributary.mesh.ShippedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `tributary logits`. */
class LogitsCommandIT {
    private static final String MODEL = ShippedModel.PATH.toString();
    private static final long VOCABULARY = 2048;

    @TempDir
    Path directory = Path.of("");

    @Test
    void theFileHoldsTheLogitsOfEachPositionToTheBit() {
        Path file = directory.resolve("logits.safetensors");

        CommandResult result =
                CommandProcess.run("logits", "--model", MODEL, "--ids", "0,1147,259", "--out", file.toString());

        assertThat(result).isEqualTo(new CommandResult(0, "", List.of()));
        try (SafetensorsFile written = SafetensorsFile.open(file)) {
            assertThat(written.tensorNames()).containsExactly("logits");
            StoredTensor logits = written.require("logits");
            assertThat(logits.type()).isEqualTo(TensorType.F32);
            assertThat(logits.shape()).containsExactly(3L, VOCABULARY);
            assertThat(ByteString.copyFrom(logits.data().asByteBuffer())).isEqualTo(computed(0, 1147, 259));
        }
    }

    @Test
    void thePrintedFormIsALineForEachPositionAndLosesNoBit() {
        CommandResult result = CommandProcess.run("logits", "--model", MODEL, "--ids", "0", "--ids", "1147");

        assertThat(result.messages()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.output().lines()).hasSize(2);
        Scanner numbers = new Scanner(result.output());
        ByteBuffer values =
                ByteBuffer.allocate(2 * (int) VOCABULARY * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (numbers.hasNext()) {
            values.putFloat(Float.parseFloat(numbers.next()));
        }
        assertThat(ByteString.copyFrom(values.flip())).isEqualTo(computed(0, 1147));
    }

    @Test
    void anIdOutsideTheVocabularyIsNamedWithItsPosition() {
        CommandResult result = CommandProcess.run("logits", "--model", MODEL, "--ids", "0,5,2048");

        assertThat(result.messages())
                .containsExactly("tributary: the token id at position 2 is 2048 but must be 0 to 2047");
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isEqualTo(1);
    }

    private static ByteString computed(int... ids) {
        return ByteString.copyFrom(WholeModel.logitRows(ShippedModel.PATH, KeyValueType.F32, ids));
    }
}
