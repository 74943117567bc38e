package io.tributary.models.packing;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.WeightFiles;
import io.tributary.kernels.PackedWeights;
import io.tributary.kernels.WorkPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory of packed weights. They are found by a hash of the content of the model's files and by what else decides how
 * they look; a start that finds them maps them instead of packing.
 *
 * <p>The content is hashed once, when packed weights are first written, and remembered under the files' stamp (path, inode,
 * length, times of change), so that later starts need not read the model. A file of the cache is used only if it and the
 * directory belong to this user and nobody else may write them, its header is whole, and it is as long as its header says;
 * its weights are not read to check them. Whatever is wrong is a line in the log, and weights are packed.
 */
public final class PackingCache {
    /** Packing less than that takes some fifty milliseconds, which are not worth a file. */
    public static final long LEAST_BYTES = 64L << 20;

    private static final System.Logger LOGGER = System.getLogger(PackingCache.class.getName());
    private static final PackingCache OFF = new PackingCache(null, 0, 0);

    private final @Nullable Path directory;
    private final long maximalBytes;
    private final long leastBytes;

    private PackingCache(@Nullable Path directory, long maximalBytes, long leastBytes) {
        this.directory = directory;
        this.maximalBytes = maximalBytes;
        this.leastBytes = leastBytes;
    }

    /** No cache: nothing is read and nothing written. */
    public static PackingCache off() {
        return OFF;
    }

    /**
     * A cache in a directory, which is made when it is needed.
     *
     * @param maximalBytes on disk; files used longest ago go first
     * @param leastBytes of a model; smaller ones are not cached
     */
    public static PackingCache in(Path directory, long maximalBytes, long leastBytes) {
        return new PackingCache(directory, maximalBytes, leastBytes);
    }

    /**
     * Where programs of a user keep such files: {@code tributary} in $XDG_CACHE_HOME, or else in .cache in the home
     * directory; empty when neither is known.
     */
    public static Optional<Path> defaultDirectory() {
        return defaultDirectory(System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home"));
    }

    static Optional<Path> defaultDirectory(@Nullable String cacheHome, @Nullable String home) {
        // The specification says that a relative path is to be ignored; a home that is not known is called "?".
        if (cacheHome != null && Path.of(cacheHome).isAbsolute()) {
            return Optional.of(Path.of(cacheHome, "tributary"));
        }
        return home != null && Path.of(home).isAbsolute()
                ? Optional.of(Path.of(home, ".cache", "tributary"))
                : Optional.empty();
    }

    /**
     * Begins to load a part of a model.
     *
     * @param checkpoint must stay open until {@link StagePacking#stop} says that it is no longer read
     * @param part which weights will be asked for, in words that say all that they depend on
     * @param arena keeps weights from the cache mapped
     * @param pool packs in parallel
     */
    public StagePacking open(Checkpoint checkpoint, String part, Arena arena, WorkPool pool) {
        StagePacking without = new StagePacking(pool, Optional.empty(), Optional.empty());
        if (directory == null) {
            return without;
        }
        WeightFiles files = checkpoint.weightFiles();
        if (files.bytes() < leastBytes) {
            return without;
        }
        Optional<String> stamp = files.stamp();
        if (stamp.isEmpty()) {
            LOGGER.log(System.Logger.Level.INFO, "packed weights are not cached: the model's files have just changed");
            return without;
        }
        try {
            CachedPackings cache = new CachedPackings(CacheDirectory.open(directory, maximalBytes));
            StageIdentity identity = new StageIdentity(checkpoint.fingerprint(), PackedWeights.layoutName(), part);
            Optional<PackedFile> found = find(cache, identity, stamp.get(), arena);
            return new StagePacking(
                    pool,
                    found,
                    Optional.of(matrices -> BackgroundWrite.start(cache, files, stamp.get(), identity, matrices)));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unusable) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "packed weights are not cached: the directory " + directory + " can't be used: " + unusable);
            return without;
        }
    }

    private static Optional<PackedFile> find(CachedPackings cache, StageIdentity identity, String stamp, Arena arena) {
        try {
            Optional<String> hash = cache.contentHash(stamp);
            return hash.isEmpty() ? Optional.empty() : cache.map(identity.key(hash.get()), arena);
        } catch (IOException unusable) {
            LOGGER.log(System.Logger.Level.INFO, "cached weights can't be used and are packed anew: " + unusable);
            return Optional.empty();
        }
    }
}
