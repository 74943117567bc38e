package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufMetadataTest {
    @TempDir
    private Path folder;

    private final List<GgufCheckpoint> opened = new ArrayList<>();

    @AfterEach
    void closeCheckpoints() {
        opened.forEach(GgufCheckpoint::close);
    }

    @Test
    void scalarsOfEveryTypeAreReadBack() {
        GgufWriter writer = new GgufWriter()
                .integer("u8", GgufValueType.UINT8, 255)
                .integer("i8", GgufValueType.INT8, -128)
                .integer("u16", GgufValueType.UINT16, 65535)
                .integer("i16", GgufValueType.INT16, -32768)
                .integer("u32", 4294967295L)
                .integer("i32", GgufValueType.INT32, Integer.MIN_VALUE)
                .integer("u64", GgufValueType.UINT64, Long.MAX_VALUE)
                .integer("i64", GgufValueType.INT64, Long.MIN_VALUE)
                .real("f32", 0.1f)
                .real("f64", GgufValueType.FLOAT64, 0.1)
                .flag("yes", true)
                .flag("no", false)
                .string("text", "Grüße 🌊");
        GgufMetadata metadata = written(writer);
        assertThat(Stream.of("u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64")
                        .map(metadata::integer))
                .containsExactly(
                        255L,
                        -128L,
                        65535L,
                        -32768L,
                        4294967295L,
                        (long) Integer.MIN_VALUE,
                        Long.MAX_VALUE,
                        Long.MIN_VALUE);
        assertThat(metadata.real("f32")).isEqualTo(0.1f);
        assertThat(metadata.real("f64")).isEqualTo(0.1);
        assertThat(metadata.flag("yes")).isTrue();
        assertThat(metadata.flag("no")).isFalse();
        assertThat(metadata.string("text")).isEqualTo("Grüße 🌊");
        assertThat(metadata.keys())
                .startsWith("u8", "i8")
                .endsWith("no", "text")
                .hasSize(13);
    }

    @Test
    void arraysAreReadBack() {
        GgufWriter writer = new GgufWriter()
                .strings("texts", List.of("", "a", "ö▁"))
                .integers("i8s", GgufValueType.INT8, -1, 0, 1)
                .integers("u64s", GgufValueType.UINT64, 1, Long.MAX_VALUE)
                .reals("f32s", GgufValueType.FLOAT32, 0.5, -1.25)
                .reals("f64s", GgufValueType.FLOAT64, 0.1)
                .strings("none", List.of());
        GgufMetadata metadata = written(writer);
        assertThat(metadata.strings("texts")).containsExactly("", "a", "ö▁");
        assertThat(metadata.integers("i8s")).containsExactly(-1, 0, 1);
        assertThat(metadata.integers("u64s")).containsExactly(1, Long.MAX_VALUE);
        assertThat(metadata.reals("f32s")).containsExactly(0.5, -1.25);
        assertThat(metadata.reals("f64s")).containsExactly(0.1);
        assertThat(metadata.strings("none")).isEmpty();
        assertThat(metadata.isArray("texts")).isTrue();
        assertThat(metadata.isArray("absent")).isFalse();
    }

    @Test
    void missingKeysAreEmptyOrAnError() {
        GgufMetadata metadata = written(new GgufWriter().flag("there", true));
        assertThat(metadata.contains("there")).isTrue();
        assertThat(metadata.optionalFlag("there")).contains(true);
        assertThat(metadata.optionalString("absent")).isEmpty();
        assertThat(metadata.optionalInteger("absent")).isEmpty();
        assertThat(metadata.optionalReal("absent")).isEmpty();
        assertThat(metadata.optionalFlag("absent")).isEmpty();
        assertThat(metadata.optionalStrings("absent")).isEmpty();
        assertThat(metadata.optionalIntegers("absent")).isEmpty();
        assertThat(metadata.optionalReals("absent")).isEmpty();
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> metadata.string("absent"))
                .withMessageContaining("the metadata has no key 'absent'");
    }

    @Test
    void valuesOfAnotherTypeAreAnErrorThatNamesBothTypes() {
        GgufMetadata metadata = written(new GgufWriter().integer("count", 3).strings("texts", List.of("a", "b")));
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> metadata.string("count"))
                .withMessageContaining("the key 'count': wanted is a string, but the value is of type UINT32");
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> metadata.optionalReal("count"))
                .withMessageContaining("wanted is a floating-point number");
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> metadata.integers("texts"))
                .withMessageContaining("wanted is an array of whole numbers, but the value is an array of 2 × STRING");
        assertThatExceptionOfType(MalformedCheckpointException.class).isThrownBy(() -> metadata.flag("count"));
        assertThatExceptionOfType(MalformedCheckpointException.class).isThrownBy(() -> metadata.integer("texts"));
    }

    @Test
    void aLargeVocabularyCostsNothingUntilItIsAskedFor() {
        int words = 151_936;
        List<String> vocabulary =
                IntStream.range(0, words).mapToObj(id -> "Ġword" + id).toList();
        Path path = folder.resolve("m.gguf");
        new GgufWriter().strings("tokenizer.ggml.tokens", vocabulary).write(path);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        GgufCheckpoint.open(path).close();

        long before = threads.getCurrentThreadAllocatedBytes();
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(path)) {
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(allocated).as("bytes allocated by opening").isLessThan(1 << 20);
            assertThat(checkpoint.metadata().strings("tokenizer.ggml.tokens")).isEqualTo(vocabulary);
        }
    }

    @Test
    void theWriterRefusesWhatDoesNotFit() {
        GgufWriter writer = new GgufWriter().flag("taken", true).tensor(TestFiles.tensor("w", TensorType.F32, 1L));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.flag("taken", true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.integer("a", GgufValueType.UINT8, 256))
                .withMessageContaining("256 does not fit into UINT8");
        assertThatIllegalArgumentException().isThrownBy(() -> writer.integer("a", GgufValueType.INT8, 128));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.integer("a", GgufValueType.UINT64, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.integer("a", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.integer("a", GgufValueType.FLOAT32, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.reals("a", GgufValueType.INT8, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.tensor(TestFiles.tensor("w", TensorType.F32, 1L)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.tensor(TestFiles.tensor("u", TensorType.BOOL, 1L)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.tensor(TestFiles.tensor("r", TensorType.F32, 1L, 1L, 1L, 1L, 1L)));
        assertThatIllegalArgumentException().isThrownBy(() -> new GgufWriter(24));
        assertThat(written(writer).keys()).containsExactly("taken");
    }

    private GgufMetadata written(GgufWriter writer) {
        Path path = folder.resolve("model.gguf");
        writer.write(path);
        GgufCheckpoint checkpoint = GgufCheckpoint.open(path);
        opened.add(checkpoint);
        return checkpoint.metadata();
    }
}
