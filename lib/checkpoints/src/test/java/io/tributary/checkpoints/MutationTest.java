package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damages small valid files at random: nothing may come out but a {@link CheckpointException}, and at little cost. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MutationTest {
    private static final int ITERATIONS = 4000;
    private static final long MAXIMAL_ALLOCATION = 4 << 20;
    private static final long[] LENGTHS = {
        0, 1, -1, 0x7FFFFFFFL, 0xFFFFFFFFL, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 24, 1L << 32, 100_000_000L
    };
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    private int opened;
    private int refused;

    @Test
    void damagedSafetensorsAreReadOrRefused() throws IOException {
        Path path = folder.resolve("model.safetensors");
        TestFiles.write(folder.resolve("config.json"), "{}");
        SafetensorsWriter.write(
                path,
                List.of(
                        StoredTensor.ofFloats("a.weight", List.of(2L, 3L), 1, 2, 3, 4, 5, 6),
                        TestFiles.tensor("b.weight", TensorType.BF16, 5L),
                        TestFiles.tensor("scalar", TensorType.I64)));
        damage(path, folder);
    }

    @Test
    void damagedConfigurationsAreReadOrRefused() throws IOException {
        Path path = folder.resolve("config.json");
        TestFiles.write(path, "{\"a\":[1,2.5e3,\"\\u00fc\"],\"b\":{\"c\":null,\"d\":true},\"e\":-0.0001}");
        damage(path, folder);
    }

    @Test
    void damagedIndexesAreReadOrRefused() throws IOException {
        TestFiles.write(folder.resolve("config.json"), "{}");
        SafetensorsWriter.write(folder.resolve("one.safetensors"), List.of(StoredTensor.ofFloats("a", List.of(1L), 1)));
        Path path = folder.resolve("model.safetensors.index.json");
        TestFiles.write(path, "{\"metadata\":{\"total_size\":4},\"weight_map\":{\"a\":\"one.safetensors\"}}");
        damage(path, folder);
    }

    @Test
    void damagedGgufFilesAreReadOrRefused() throws IOException {
        Path path = folder.resolve("model.gguf");
        new GgufWriter(32)
                .string("general.architecture", "llama")
                .integer("llama.block_count", 2)
                .real("llama.rope.freq_base", 10_000)
                .flag("tokenizer.ggml.add_bos_token", true)
                .strings("tokenizer.ggml.tokens", List.of("<s>", "a", "ü", ""))
                .reals("tokenizer.ggml.scores", GgufValueType.FLOAT32, 0, -1, -2, -3)
                .integers("tokenizer.ggml.token_type", GgufValueType.INT32, 3, 1, 1, 1)
                .tensor(StoredTensor.ofFloats("a.weight", List.of(2L, 3L), 1, 2, 3, 4, 5, 6))
                .tensor(TestFiles.tensor("b.weight", TensorType.Q8_0, 2L, 32L))
                .write(path);
        damage(path, path);
    }

    @Test
    void damagedOnnxFilesAreReadOrRefused() throws IOException {
        Path path = folder.resolve("model.onnx");
        Files.write(path, OnnxBytes.model(OnnxCheckpointTest.weights()));
        damage(path, path);
    }

    private void damage(Path damaged, Path opening) throws IOException {
        byte[] valid = Files.readAllBytes(damaged);
        touchEverything(opening);
        assertThat(opened).as("the file as it was written opens").isEqualTo(1);
        long seed = Long.getLong("tributary.test.seed", 20_260_517L);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            byte[] mutant = mutate(valid, new SplittableRandom(seed + iteration));
            TestFiles.write(damaged, mutant);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                touchEverything(opening);
            } catch (RuntimeException | Error failure) {
                throw new AssertionError("-Dtributary.test.seed=" + (seed + iteration) + " gives " + failure, failure);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated with -Dtributary.test.seed=%d", seed + iteration)
                    .isLessThan(MAXIMAL_ALLOCATION);
        }
        assertThat(opened).as("mutants that still open").isGreaterThan(10);
        assertThat(refused).as("mutants that are refused").isGreaterThan(ITERATIONS / 10);
    }

    /** Opens the checkpoint and reads all there is, so that a wrong extent anywhere would show. */
    private void touchEverything(Path path) {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            checkpoint.fingerprint();
            if (checkpoint instanceof GgufCheckpoint gguf) {
                gguf.metadata().keys().forEach(key -> touch(gguf.metadata(), key));
            }
            for (String name : checkpoint.tensorNames()) {
                StoredTensor tensor = checkpoint.require(name);
                assertThat((long) TestFiles.bytes(tensor).length)
                        .isEqualTo(TensorShape.bytes(tensor.type(), tensor.shape()));
            }
            opened++;
        } catch (CheckpointException expected) {
            assertThat(expected.getMessage()).isNotBlank().hasSizeLessThan(4096).doesNotContain("\n");
            refused++;
        }
    }

    private static void touch(GgufMetadata metadata, String key) {
        List<Runnable> getters = List.of(
                () -> metadata.string(key),
                () -> metadata.integer(key),
                () -> metadata.real(key),
                () -> metadata.flag(key),
                () -> metadata.strings(key),
                () -> metadata.integers(key),
                () -> metadata.reals(key));
        for (Runnable getter : getters) {
            try {
                getter.run();
            } catch (MalformedCheckpointException expected) {
                assertThat(expected).hasMessageMatching(".*the (key|value of) '.*'.*");
            }
        }
    }

    private static byte[] mutate(byte[] valid, SplittableRandom random) {
        byte[] mutant = valid.clone();
        int changes = 1 + random.nextInt(3);
        for (int change = 0; change < changes && mutant.length > Long.BYTES; change++) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(6)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> mutant = Arrays.copyOf(mutant, at);
                case 3 -> mutant = Arrays.copyOf(mutant, mutant.length + 1 + random.nextInt(64));
                case 4 -> putLength(mutant, random);
                default -> mutant = withCopiedPart(mutant, at, random);
            }
        }
        return mutant;
    }

    private static void putLength(byte[] mutant, SplittableRandom random) {
        ByteBuffer.wrap(mutant)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(random.nextInt(mutant.length - Long.BYTES), LENGTHS[random.nextInt(LENGTHS.length)]);
    }

    private static byte[] withCopiedPart(byte[] mutant, int at, SplittableRandom random) {
        int length = Math.min(mutant.length - at, 1 + random.nextInt(32));
        int target = random.nextInt(mutant.length);
        ByteBuffer grown = ByteBuffer.allocate(mutant.length + length);
        grown.put(mutant, 0, target).put(mutant, at, length).put(mutant, target, mutant.length - target);
        return grown.array();
    }
}
