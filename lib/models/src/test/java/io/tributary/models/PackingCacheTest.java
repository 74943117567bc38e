package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tributary.checkpoints.TensorType;
import io.tributary.models.packing.CacheWrite;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.packing.PackingUse;
import io.tributary.models.weights.NonFiniteWeightException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole models with and without packed weights on disk: the same bits, whatever is in the cache. */
class PackingCacheTest {
    private static final TestShape SHAPE = TestShape.plain(256, 4, 2, 64, 256);
    private static final int[] TOKENS = {1, 77, 3, 120, 9, 9, 41};
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    /**
     * What loading a model and running it once gave.
     *
     * @param logits as bits
     */
    private record Run(List<Integer> logits, List<PackingUse> uses, List<CacheWrite> writes) {
        String temperature() {
            return uses.getFirst().temperature();
        }

        CacheWrite write() {
            return writes.getFirst();
        }
    }

    private Path place() {
        return directory.resolve("cache");
    }

    private PackingCache cache() {
        return PackingCache.in(place(), 1L << 30, 0);
    }

    private Path model(String name, long seed, TensorType type) {
        GgufModel model = new GgufModel(TestWeights.random(SHAPE, seed), "llama", type);
        return settled(model.write(model.metadata(64, 10_000, 1e-5f), directory.resolve(name)));
    }

    /** Waits until the file can't change again within the tick of the file system's clock. */
    private static Path settled(Path file) {
        try {
            Thread.sleep(Duration.ofMillis(100));
            return file;
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private static Run run(Path model, int stages, PackingCache cache) {
        try (Pipeline pipeline = new Pipeline(model, stages, 2, cache)) {
            List<Integer> logits = bits(pipeline.logits(TOKENS, TOKENS.length));
            List<PackingUse> uses = new ArrayList<>();
            List<CacheWrite> writes = new ArrayList<>();
            for (int stage = 0; stage < stages; stage++) {
                uses.add(pipeline.stage(stage).packing().use());
                writes.add(pipeline.stage(stage).packing().awaitWrite(LONG));
            }
            return new Run(logits, uses, writes);
        }
    }

    private static void assertRun(Run run, String temperature, CacheWrite write, List<Integer> logits) {
        assertThat(run.temperature()).isEqualTo(temperature);
        assertThat(run.write()).isEqualTo(write);
        assertThat(run.logits()).isEqualTo(logits);
    }

    private static List<Integer> bits(float[] values) {
        return IntStream.range(0, values.length)
                .mapToObj(index -> Float.floatToRawIntBits(values[index]))
                .toList();
    }

    private List<Path> files(String suffix) {
        if (!Files.exists(place())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place())) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"F32", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void theSecondLoadMapsWhatTheFirstPackedAndGivesTheSameBits(TensorType type) {
        Path model = model("model.gguf", 3, type);
        List<Integer> expected = run(model, 1, PackingCache.off()).logits();

        Run cold = run(model, 1, cache());
        assertRun(cold, "cold", CacheWrite.DONE, expected);
        Run warm = run(model, 1, cache());
        assertRun(warm, "warm", CacheWrite.NOT_NEEDED, expected);
        assertThat(warm.uses().getFirst().cachedBytes())
                .isEqualTo(cold.uses().getFirst().packedBytes())
                .isPositive();
        assertThat(warm.uses().getFirst().packedBytes()).isZero();
    }

    @Test
    void everyStageHasAFileOfItsOwn() {
        Path model = model("model.gguf", 3, TensorType.Q8_0);
        List<Integer> expected = run(model, 1, cache()).logits();

        Run cold = run(model, 2, cache());
        assertRun(cold, "cold", CacheWrite.DONE, expected);
        assertThat(cold.uses()).extracting(PackingUse::temperature).containsExactly("cold", "cold");
        assertThat(files(".packed")).hasSize(3);
        Run warm = run(model, 2, cache());
        assertRun(warm, "warm", CacheWrite.NOT_NEEDED, expected);
        assertThat(warm.uses()).extracting(PackingUse::temperature).containsExactly("warm", "warm");
    }

    @Test
    void expertsAreCachedWhetherTheyAreTensorsOrSlicesOfOne() {
        MixtureFamily family = MixtureFamily.QWEN2_MOE;
        TestWeights weights = family.weights(5);
        GgufModel gguf = new GgufModel(weights, family.ggufName(), TensorType.F32);
        List<Path> models = List.of(
                settled(family.write(weights, directory)),
                settled(gguf.write(gguf.metadata(256, 10_000, 1e-5f), directory.resolve("stacked.gguf"))));
        for (Path model : models) {
            List<Integer> expected = run(model, 1, PackingCache.off()).logits();
            assertRun(run(model, 1, cache()), "cold", CacheWrite.DONE, expected);
            assertRun(run(model, 1, cache()), "warm", CacheWrite.NOT_NEEDED, expected);
        }
    }

    @Test
    void aDamagedFileIsPackedAnewAndReplaced() throws IOException {
        Path model = model("model.gguf", 3, TensorType.Q8_0);
        List<Integer> expected = run(model, 1, cache()).logits();
        Path packed = files(".packed").getFirst();
        byte[] whole = Files.readAllBytes(packed);

        byte[] flipped = whole.clone();
        flipped[20] ^= 1;
        Files.write(packed, flipped);
        assertRun(run(model, 1, cache()), "cold", CacheWrite.DONE, expected);
        assertThat(packed).hasBinaryContent(whole);

        Files.write(packed, Arrays.copyOf(whole, whole.length / 2));
        assertRun(run(model, 1, cache()), "cold", CacheWrite.DONE, expected);
        assertRun(run(model, 1, cache()), "warm", CacheWrite.NOT_NEEDED, expected);
    }

    @Test
    void aFileThatOthersMayWriteIsPackedAnewAndReplaced() throws IOException {
        Path model = model("model.gguf", 3, TensorType.Q8_0);
        List<Integer> expected = run(model, 1, cache()).logits();
        Path packed = files(".packed").getFirst();
        Files.setPosixFilePermissions(packed, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertRun(run(model, 1, cache()), "cold", CacheWrite.DONE, expected);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(packed)))
                .isEqualTo("rw-------");
    }

    @Test
    void aModelThatChangesInItsPlaceIsPackedAnew() throws IOException {
        Path model = model("model.gguf", 3, TensorType.Q8_0);
        Path other = model("other.gguf", 4, TensorType.Q8_0);
        FileTime modified = Files.getLastModifiedTime(model);
        List<Integer> before = run(model, 1, cache()).logits();
        List<Integer> expected = run(other, 1, PackingCache.off()).logits();
        assertThat(expected).isNotEqualTo(before);

        // The same length, inode and time of modification.
        Files.write(model, Files.readAllBytes(other));
        Files.setLastModifiedTime(model, modified);
        settled(model);

        assertRun(run(model, 1, cache()), "cold", CacheWrite.DONE, expected);
        assertRun(run(model, 1, cache()), "warm", CacheWrite.NOT_NEEDED, expected);
        assertThat(files(".packed")).hasSize(2);
    }

    @Test
    void aCopyOfAModelSharesItsPackedWeights() throws IOException {
        Path model = model("model.gguf", 3, TensorType.Q8_0);
        List<Integer> expected = run(model, 1, cache()).logits();
        Path copy = settled(Files.copy(model, directory.resolve("copy.gguf")));

        // Its content is not known before it is hashed in the background.
        assertRun(run(copy, 1, cache()), "cold", CacheWrite.DONE, expected);
        assertRun(run(copy, 1, cache()), "warm", CacheWrite.NOT_NEEDED, expected);
        assertThat(files(".packed")).hasSize(1);
    }

    @Test
    void aDirectoryThatCannotBeUsedOnlyCostsTime() throws IOException {
        Path model = model("model.gguf", 3, TensorType.Q8_0);
        List<Integer> expected = run(model, 1, PackingCache.off()).logits();
        Path file = Files.createFile(directory.resolve("file"));
        PackingCache impossible = PackingCache.in(file.resolve("cache"), 1L << 30, 0);
        assertRun(run(model, 1, impossible), "off", CacheWrite.NOT_NEEDED, expected);

        Files.createDirectory(place());
        Files.setPosixFilePermissions(place(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRun(run(model, 1, cache()), "off", CacheWrite.NOT_NEEDED, expected);
        assertThat(place()).isEmptyDirectory();
    }

    @Test
    void whatIsTooLongForTheCacheIsNotWritten() {
        Path model = model("model.gguf", 3, TensorType.Q8_0);
        List<Integer> expected = run(model, 1, PackingCache.off()).logits();
        PackingCache tiny = PackingCache.in(place(), 10_000, 0);
        assertRun(run(model, 1, tiny), "cold", CacheWrite.FAILED, expected);
        assertThat(place()).isEmptyDirectory();
    }

    @Test
    void theModelUsedLongestAgoMakesRoomForAnother() throws IOException {
        Path first = model("first.gguf", 3, TensorType.Q8_0);
        Path second = model("second.gguf", 4, TensorType.Q8_0);
        run(first, 1, cache());
        Path packed = files(".packed").getFirst();
        Files.setLastModifiedTime(packed, FileTime.from(Instant.now().minusSeconds(60)));
        PackingCache forOne = PackingCache.in(place(), Files.size(packed) * 3 / 2, 0);

        assertThat(run(second, 1, forOne).temperature()).isEqualTo("cold");
        assertThat(files(".packed")).hasSize(1).doesNotContain(packed);
        assertThat(run(second, 1, forOne).temperature()).isEqualTo("warm");
        assertThat(run(first, 1, forOne).temperature()).isEqualTo("cold");
    }

    @Test
    void severalWritersLeaveOneWholeFile() throws Exception {
        Path model = model("model.gguf", 3, TensorType.Q4_0);
        List<Integer> expected = run(model, 1, PackingCache.off()).logits();
        List<Callable<Run>> loads = new ArrayList<>();
        for (int load = 0; load < 6; load++) {
            loads.add(() -> run(model, 1, cache()));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(loads.size())) {
            for (Future<Run> load : threads.invokeAll(loads, LONG.toSeconds(), TimeUnit.SECONDS)) {
                Run run = load.get();
                assertThat(run.logits()).isEqualTo(expected);
                assertThat(run.write()).isIn(CacheWrite.DONE, CacheWrite.NOT_NEEDED);
            }
        }
        assertThat(files(".packed")).hasSize(1);
        assertThat(files(".partial")).isEmpty();
        assertRun(run(model, 1, cache()), "warm", CacheWrite.NOT_NEEDED, expected);
    }

    @Test
    void withoutACacheAndForASmallModelNothingIsWritten() throws IOException {
        Path model = model("model.gguf", 3, TensorType.Q8_0);
        List<Integer> expected = run(model, 1, PackingCache.off()).logits();
        PackingCache forLarger = PackingCache.in(place(), 1L << 30, Files.size(model) + 1);
        assertRun(run(model, 1, forLarger), "off", CacheWrite.NOT_NEEDED, expected);
        assertThat(place()).doesNotExist();
    }

    @Test
    void weightsThatAreNotFiniteAreRefusedAndNotCached() {
        TestWeights weights = TestWeights.random(SHAPE, 3);
        float[] values = weights.floats("lm_head.weight");
        values[5] = Float.NaN;
        weights.replace("lm_head.weight", values);
        GgufModel gguf = new GgufModel(weights, "llama", TensorType.F32);
        Path model = settled(gguf.write(gguf.metadata(64, 10_000, 1e-5f), directory.resolve("model.gguf")));
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatExceptionOfType(NonFiniteWeightException.class)
                    .isThrownBy(() -> new Pipeline(model, 1, 2, cache()))
                    .withMessageContaining("output.weight");
            assertThat(files("")).isEmpty();
        }
    }

    @Test
    void aStageMayBeClosedWhileItsWeightsAreBeingWritten() {
        Path model = model("model.gguf", 3, TensorType.F32);
        List<Integer> expected = run(model, 1, PackingCache.off()).logits();
        for (int attempt = 0; attempt < 5; attempt++) {
            try (Pipeline pipeline = new Pipeline(model, 1, 2, cache())) {
                assertThat(bits(pipeline.logits(TOKENS, TOKENS.length))).isEqualTo(expected);
            }
        }
        Run run = run(model, 1, cache());
        assertThat(run.logits()).isEqualTo(expected);
        assertThat(run.write()).isIn(CacheWrite.DONE, CacheWrite.NOT_NEEDED);
        assertRun(run(model, 1, cache()), "warm", CacheWrite.NOT_NEEDED, expected);
    }
}
