package io.tributary.models;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages whose tokens are known, by the key of those tokens. The ones that no sequence holds wait in the order in which
 * they were let go of. A sequence lets go of its last page first, so that no page outlives those before it, without which
 * it could not be used. For {@link KeyValuePool} only, under its lock.
 */
final class CachedPages {
    private final Map<PrefixKey, KeyValuePage> byKey = new HashMap<>();
    private final Set<KeyValuePage> idle = new LinkedHashSet<>();

    @Nullable
    KeyValuePage find(PrefixKey key) {
        return byKey.get(key);
    }

    void add(PrefixKey key, KeyValuePage page) {
        page.cacheUnder(key);
        byKey.put(key, page);
    }

    /** Number of pages that no sequence holds. */
    int idle() {
        return idle.size();
    }

    /** The last sequence let go of a page. */
    void rest(KeyValuePage page) {
        idle.add(page);
    }

    /** A sequence holds a page again. */
    void wake(KeyValuePage page) {
        idle.remove(page);
    }

    /** Takes out the page that has been unused for longest; null if sequences hold all of them. */
    @Nullable
    KeyValuePage evict() {
        if (idle.isEmpty()) {
            return null;
        }
        KeyValuePage page = idle.iterator().next();
        idle.remove(page);
        byKey.remove(page.key());
        page.cacheUnder(null);
        return page;
    }

    /** Takes out the pages that sequences hold; the others have been evicted. */
    void forget() {
        byKey.values().forEach(page -> page.cacheUnder(null));
        byKey.clear();
    }
}
