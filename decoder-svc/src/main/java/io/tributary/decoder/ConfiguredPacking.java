package io.tributary.decoder;

import io.tributary.models.packing.PackingCache;

/** Where packed weights are kept, as configured. */
final class ConfiguredPacking {
    private ConfiguredPacking() {}

    static PackingCache cache(DecoderConfiguration configuration) {
        if (!configuration.packingCacheEnabled()) {
            return PackingCache.off();
        }
        return configuration
                .packingCacheDirectory()
                .or(PackingCache::defaultDirectory)
                .map(directory -> PackingCache.in(
                        directory, configuration.packingCacheSize().asLongValue(), PackingCache.LEAST_BYTES))
                .orElseGet(PackingCache::off);
    }
}
