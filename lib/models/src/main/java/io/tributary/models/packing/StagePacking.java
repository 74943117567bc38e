package io.tributary.models.packing;

import io.tributary.kernels.PackedWeights;
import io.tributary.kernels.WeightType;
import io.tributary.kernels.WorkPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The packed weights of a stage, or of some experts: each is taken from the cache or packed. One thread at a time loads and runs passes; any may
 * ask.
 */
public final class StagePacking {
    /** A disk that does not take a few megabytes for so long is broken. */
    private static final Duration LONGEST_PIECE = Duration.ofSeconds(10);

    private final WorkPool pool;
    private final Optional<PackedFile> found;
    private final Optional<Function<List<NamedMatrix>, BackgroundWrite>> cache;
    private final List<NamedMatrix> matrices = new ArrayList<>();
    private long cachedBytes;
    private long packedBytes;
    private boolean firstPassEnded;
    private volatile @Nullable BackgroundWrite write;

    /**
     * @param found what the cache has
     * @param cache starts writing into it; empty without one
     */
    StagePacking(
            WorkPool pool, Optional<PackedFile> found, Optional<Function<List<NamedMatrix>, BackgroundWrite>> cache) {
        this.pool = pool;
        this.found = found;
        this.cache = cache;
    }

    /**
     * A packed matrix.
     *
     * @param name of the tensor, by which it is found in the cache
     * @param rowMajor as it stands in the model's file
     * @param arena gives the memory if it has to be packed
     * @throws io.tributary.kernels.InvalidWeightsException as {@link PackedWeights#pack} does; weights from the cache were
     *     found finite when they were packed
     */
    public PackedWeights packed(
            String name, WeightType type, MemorySegment rowMajor, int outputs, int inputs, Arena arena) {
        Optional<PackedWeights> cached = found.flatMap(file -> file.find(name, type, outputs, inputs));
        PackedWeights weights =
                cached.orElseGet(() -> PackedWeights.pack(type, rowMajor, outputs, inputs, arena, pool));
        if (cached.isPresent()) {
            cachedBytes += weights.byteSize();
        } else {
            packedBytes += weights.byteSize();
        }
        matrices.add(new NamedMatrix(name, weights));
        return weights;
    }

    /** A forward pass has ended. After the first, what was packed begins to be written: before, the first token would have waited. */
    public void passEnded() {
        if (!firstPassEnded) {
            firstPassEnded = true;
            if (packedBytes > 0) {
                write = cache.map(start -> start.apply(matrices)).orElse(null);
            }
        }
    }

    /** Where the weights came from. */
    public PackingUse use() {
        return new PackingUse(cache.isPresent(), cachedBytes, packedBytes);
    }

    /** How far writing into the cache has got, which begins after the first pass, after waiting for its end for so long at most. */
    public CacheWrite awaitWrite(Duration limit) {
        BackgroundWrite current = write;
        return current == null ? CacheWrite.NOT_NEEDED : current.await(limit);
    }

    /**
     * Gives up writing, if it is not done yet.
     *
     * @return whether nobody reads the weights or the model any more; false when the disk has stood still for seconds, and
     *     the memory must not be freed
     */
    public boolean stop() {
        BackgroundWrite writing = write;
        return writing == null || writing.stop(LONGEST_PIECE);
    }
}
