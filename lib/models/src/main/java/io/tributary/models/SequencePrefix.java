package io.tributary.models;

import io.tributary.kernels.KeyValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tokens of a sequence as far as they are known, and the keys of the pages that they fill. */
final class SequencePrefix {
    private final PrefixHash hash;
    /** The root, then one key for each full page. */
    private final List<PrefixKey> keys;

    private int[] tokenIds;
    private int positions;
    private int cachedPages;

    SequencePrefix(PrefixHash hash, PrefixKey root) {
        this.hash = hash;
        this.keys = new ArrayList<>(List.of(root));
        this.tokenIds = new int[KeyValueLayout.PAGE_POSITIONS];
    }

    private SequencePrefix(SequencePrefix source, int positions) {
        int pages = positions / KeyValueLayout.PAGE_POSITIONS;
        this.hash = source.hash;
        this.keys = new ArrayList<>(source.keys.subList(0, 1 + pages));
        this.tokenIds = Arrays.copyOf(source.tokenIds, Math.max(positions, KeyValueLayout.PAGE_POSITIONS));
        this.positions = positions;
        this.cachedPages = Math.min(pages, source.cachedPages);
    }

    /** What is known of a sequence that begins with so many positions of this one. */
    SequencePrefix upTo(int end) {
        return new SequencePrefix(this, Math.min(end, positions));
    }

    /** Number of positions whose tokens are known. */
    int positions() {
        return positions;
    }

    /** Number of pages that known tokens fill. */
    int fullPages() {
        return keys.size() - 1;
    }

    /** Number of full pages that the cache knows, or was offered. */
    int cachedPages() {
        return cachedPages;
    }

    void pageCached() {
        cachedPages++;
    }

    /** The key of a full page. */
    PrefixKey key(int page) {
        return keys.get(1 + page);
    }

    /** The key that the page behind the full ones gets if it is filled by the 64 tokens from {@code from} on. */
    PrefixKey keyOfNext(int[] tokens, int from) {
        return hash.next(keys.getLast(), tokens, from);
    }

    /** Adds the tokens {@code [from, to)} of an array. */
    void add(int[] tokens, int from, int to) {
        int end = positions + to - from;
        if (end > tokenIds.length) {
            tokenIds = Arrays.copyOf(tokenIds, Math.max(end, 2 * tokenIds.length));
        }
        System.arraycopy(tokens, from, tokenIds, positions, to - from);
        positions = end;
        while (positions / KeyValueLayout.PAGE_POSITIONS > fullPages()) {
            keys.add(keyOfNext(tokenIds, fullPages() * KeyValueLayout.PAGE_POSITIONS));
        }
    }
}
