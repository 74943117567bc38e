package io.tributary.models.packing;

/** How far the packed weights of a stage have got on their way into the cache. */
public enum CacheWrite {
    /** There is nothing to write: no cache, all weights came from it, or no pass was run with them yet. */
    NOT_NEEDED,
    /** Under way. */
    RUNNING,
    /** They are in the cache, written now or found there. */
    DONE,
    /** They are not in the cache; the log says why. */
    FAILED
}
