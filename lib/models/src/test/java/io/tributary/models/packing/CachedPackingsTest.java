package io.tributary.models.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.kernels.PackedWeights;
import io.tributary.kernels.WeightType;
import io.tributary.kernels.WorkPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachedPackingsTest {
    private static final String KEY = "a".repeat(64);
    private static final String OTHER_KEY = "b".repeat(64);
    private static final int OUTPUTS = 1100;
    private static final int INPUTS = 1024;

    @TempDir
    Path place;

    private final Arena arena = Arena.ofShared();
    private final WorkPool pool = new WorkPool(2);
    private CachedPackings cache;
    private List<NamedMatrix> matrices;

    @BeforeEach
    void open() throws IOException {
        cache = new CachedPackings(CacheDirectory.open(place.resolve("cache"), 1L << 30));
        matrices = List.of(
                new NamedMatrix("large", matrix(OUTPUTS, INPUTS)),
                new NamedMatrix("small", matrix(3, 5)),
                new NamedMatrix("middle", matrix(70, 300)));
    }

    @AfterEach
    void close() {
        pool.close();
        arena.close();
    }

    private PackedWeights matrix(int outputs, int inputs) {
        MemorySegment floats = arena.allocate((long) outputs * inputs * Float.BYTES, Float.BYTES);
        for (int index = 0; index < outputs * inputs; index++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, index, index % 1013);
        }
        return PackedWeights.pack(WeightType.F32, floats, outputs, inputs, arena, pool);
    }

    private Path file() {
        return place.resolve("cache").resolve(KEY + ".packed");
    }

    private void damage(long position) throws IOException {
        byte[] bytes = Files.readAllBytes(file());
        bytes[(int) position] ^= 0x10;
        Files.write(file(), bytes);
    }

    private int headerBytes() {
        return new PackedFileHeader(
                        KEY, matrices.stream().map(PackedFileHeader.Matrix::of).toList())
                .encoded()
                .length;
    }

    @Test
    void matricesComeBackAsTheyWere() throws IOException {
        assertThat(cache.map(KEY, arena)).isEmpty();
        assertThat(cache.has(KEY)).isFalse();
        assertThat(cache.write(KEY, matrices, () -> true)).isTrue();

        assertThat(cache.has(KEY)).isTrue();
        PackedFile file = cache.map(KEY, arena).orElseThrow();
        for (NamedMatrix matrix : matrices) {
            PackedWeights expected = matrix.weights();
            PackedWeights found = file.find(matrix.name(), WeightType.F32, expected.outputs(), expected.inputs())
                    .orElseThrow();
            assertThat(found.chunks()).hasSameSizeAs(expected.chunks());
            for (int chunk = 0; chunk < found.chunks().size(); chunk++) {
                assertThat(found.chunks().get(chunk).mismatch(expected.chunks().get(chunk)))
                        .isEqualTo(-1);
            }
        }
        assertThat(matrices.getFirst().weights().chunks()).hasSizeGreaterThan(1);
    }

    @Test
    void aMatrixOfAnotherNameTypeOrShapeIsNotThere() throws IOException {
        cache.write(KEY, matrices, () -> true);
        PackedFile file = cache.map(KEY, arena).orElseThrow();
        assertThat(file.find("other", WeightType.F32, OUTPUTS, INPUTS)).isEmpty();
        assertThat(file.find("large", WeightType.F16, OUTPUTS, INPUTS)).isEmpty();
        assertThat(file.find("large", WeightType.F32, OUTPUTS + 1, INPUTS)).isEmpty();
        assertThat(file.find("large", WeightType.F32, OUTPUTS, INPUTS - 1)).isEmpty();
    }

    @Test
    void aFlippedBitAnywhereInTheHeaderIsRefused() throws IOException {
        cache.write(KEY, matrices.subList(1, 3), () -> true);
        byte[] whole = Files.readAllBytes(file());
        int header = new PackedFileHeader(
                        KEY,
                        matrices.subList(1, 3).stream()
                                .map(PackedFileHeader.Matrix::of)
                                .toList())
                .encoded()
                .length;
        for (int position = 0; position < header; position++) {
            damage(position);
            assertThat(cache.has(KEY)).as("byte %d", position).isFalse();
            assertThatThrownBy(() -> cache.map(KEY, arena))
                    .as("byte %d", position)
                    .isInstanceOf(IOException.class);
            Files.write(file(), whole);
        }
        assertThat(cache.has(KEY)).isTrue();
    }

    @Test
    void aFileOfAnotherLengthIsRefused() throws IOException {
        cache.write(KEY, matrices, () -> true);
        byte[] whole = Files.readAllBytes(file());
        int header = headerBytes();
        for (int length : new int[] {0, 1, 15, 16, 40, header - 1, header, header + 1, whole.length - 1}) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> cache.map(KEY, arena))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class);
        }
        Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> cache.map(KEY, arena)).isInstanceOf(IOException.class);
    }

    @Test
    void aFileUnderTheNameOfAnotherKeyIsRefused() throws IOException {
        cache.write(KEY, matrices, () -> true);
        Files.move(file(), file().resolveSibling(OTHER_KEY + ".packed"));
        assertThat(cache.has(OTHER_KEY)).isFalse();
        assertThatThrownBy(() -> cache.map(OTHER_KEY, arena))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another model or layout");
    }

    @Test
    void everyPartOfAStagesIdentityChangesItsKey() {
        StageIdentity identity = new StageIdentity("fingerprint", "vector-1", "layers 0 to 22");
        assertThat(List.of(
                        identity.key("hash"),
                        identity.key("other hash"),
                        new StageIdentity("other", "vector-1", "layers 0 to 22").key("hash"),
                        new StageIdentity("fingerprint", "vector-2", "layers 0 to 22").key("hash"),
                        new StageIdentity("fingerprint", "scalar-1", "layers 0 to 22").key("hash"),
                        new StageIdentity("fingerprint", "vector-1", "layers 1 to 22").key("hash"),
                        new StageIdentity("fingerprint", "vector-1", "layers 0 to 11").key("hash")))
                .doesNotHaveDuplicates();
        assertThat(PackedWeights.layoutName()).matches("(vector|scalar)-[0-9]+");
    }

    @Test
    void writingStopsWhenItIsToldToAndLeavesNothing() throws IOException {
        int[] asked = new int[1];
        assertThat(cache.write(KEY, matrices, () -> ++asked[0] < 2)).isFalse();
        assertThat(place.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void aHashIsRememberedUnderItsStampOnly() throws IOException {
        cache.rememberContentHash(KEY, "c".repeat(64));
        assertThat(cache.contentHash(KEY)).contains("c".repeat(64));
        assertThat(cache.contentHash(OTHER_KEY)).isEmpty();

        Path file = place.resolve("cache").resolve(KEY + ".content");
        Files.copy(file, file.resolveSibling(OTHER_KEY + ".content"));
        assertThat(cache.contentHash(OTHER_KEY)).isEmpty();
        byte[] whole = Files.readAllBytes(file);
        for (int position = 0; position < whole.length; position++) {
            byte[] damaged = whole.clone();
            damaged[position] ^= 1;
            Files.write(file, damaged);
            assertThat(cache.contentHash(KEY)).as("byte %d", position).isEmpty();
        }
        Files.write(file, Arrays.copyOf(whole, 70));
        assertThat(cache.contentHash(KEY)).isEqualTo(Optional.empty());
    }
}
