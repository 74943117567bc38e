package io.tributary.models.packing;

/**
 * Where the packed matrices of a loaded stage came from.
 *
 * @param cache whether there was a cache to look into
 * @param cachedBytes bytes that came from the cache
 * @param packedBytes bytes that were packed from the checkpoint
 */
public record PackingUse(boolean cache, long cachedBytes, long packedBytes) {
    /** "off" without a cache, "warm" when all matrices came from it, and "cold" when some had to be packed. */
    public String temperature() {
        if (!cache) {
            return "off";
        }
        return packedBytes == 0 ? "warm" : "cold";
    }
}
