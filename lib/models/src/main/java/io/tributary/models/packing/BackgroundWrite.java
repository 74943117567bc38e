package io.tributary.models.packing;

import io.tributary.checkpoints.WeightFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hashes the model's files and writes its packed weights into the cache, on a thread of its own: the first token does not
 * wait for it.
 */
final class BackgroundWrite {
    private static final System.Logger LOGGER = System.getLogger(BackgroundWrite.class.getName());

    private final CachedPackings cache;
    private final WeightFiles files;
    private final String stamp;
    private final StageIdentity identity;
    private final List<NamedMatrix> matrices;
    private final CountDownLatch memoryLeft = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile CacheWrite state = CacheWrite.RUNNING;

    private BackgroundWrite(
            CachedPackings cache, WeightFiles files, String stamp, StageIdentity identity, List<NamedMatrix> matrices) {
        this.cache = cache;
        this.files = files;
        this.stamp = stamp;
        this.identity = identity;
        this.matrices = List.copyOf(matrices);
    }

    /** @param stamp of the files before they were packed */
    static BackgroundWrite start(
            CachedPackings cache, WeightFiles files, String stamp, StageIdentity identity, List<NamedMatrix> matrices) {
        BackgroundWrite write = new BackgroundWrite(cache, files, stamp, identity, matrices);
        Thread.ofPlatform().daemon().name("tributary-packing-cache").start(write::run);
        return write;
    }

    /** How far it has got, after waiting for the end for so long at most. */
    CacheWrite await(Duration limit) {
        await(ended, limit);
        return state;
    }

    /**
     * Has it stop at the next piece of memory or of a file.
     *
     * @return whether it no longer touches weights and model, after waiting for that for so long at most
     */
    boolean stop(Duration limit) {
        stopped = true;
        return await(memoryLeft, limit);
    }

    private void run() {
        CacheWrite result = CacheWrite.FAILED;
        try {
            result = write() ? CacheWrite.DONE : CacheWrite.FAILED;
        } catch (IOException | RuntimeException failure) {
            LOGGER.log(System.Logger.Level.INFO, "packed weights are not cached: " + failure);
        } finally {
            state = result;
            memoryLeft.countDown();
            ended.countDown();
        }
    }

    private boolean write() throws IOException {
        Optional<String> hash = files.contentHash(this::goesOn);
        if (hash.isEmpty()) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "packed weights are not cached: the model was " + (stopped ? "closed" : "changed") + " meanwhile");
            return false;
        }
        String key = identity.key(hash.get());
        // The same content may have been packed before under another name, or by another process since.
        boolean written = cache.has(key) || cache.write(key, matrices, this::goesOn);
        memoryLeft.countDown();
        if (written) {
            cache.rememberContentHash(stamp, hash.get());
        }
        return written;
    }

    private boolean goesOn() {
        return !stopped;
    }

    private static boolean await(CountDownLatch latch, Duration limit) {
        try {
            return latch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return latch.getCount() == 0;
        }
    }
}
