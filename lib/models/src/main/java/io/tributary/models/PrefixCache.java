package io.tributary.models;

import io.tributary.kernels.KeyValueLayout;

/**
 * Keys and values of positions that were computed before, for sequences that begin with the same tokens: a conversation
 * that goes on, a system prompt that many share. It keeps full pages, 64 positions each, also after their sequences are
 * closed, within the stage's {@link KeyValueBudget}: a sequence that finds no free page gets the one that has been unused
 * for longest. What a sequence adopts has the bits that it would have computed.
 *
 * <p>Sequences share a page only if all their tokens up to its end are the same and are rotated alike, as the SHA-256 of
 * them tells. A model whose experts are chosen for a whole sequence at once takes no part: nothing is kept or adopted.
 *
 * <p>For the thread that calls {@link DecoderStage#forward}.
 */
public final class PrefixCache {
    private final KeyValuePool pool;
    private final boolean possible;
    private final PrefixHash hash = new PrefixHash();

    /** @param possible whether a sequence can go on from pages that another one computed */
    PrefixCache(KeyValuePool pool, boolean possible) {
        this.pool = pool;
        this.possible = possible;
    }

    /**
     * Moves a new sequence forward over the positions whose keys and values are at hand. Takes no free memory.
     *
     * @param sequence at position 0
     * @param tokenIds the tokens that the sequence begins with
     * @param limit positions to adopt at most; one less than the prompt has if the logits of its last position are wanted
     * @return the number of positions adopted, a multiple of 64: where the sequence stands now
     * @throws IllegalStateException if the sequence is closed, or has positions already
     * @throws IllegalArgumentException if the sequence is of another stage
     */
    public int adopt(SequenceState sequence, int[] tokenIds, int limit) {
        check(sequence);
        if (sequence.positions() != 0) {
            throw new IllegalStateException(
                    "a sequence can adopt positions only before it has any, but it has " + sequence.positions());
        }
        if (!possible) {
            return 0;
        }
        SequencePrefix prefix = prefix(sequence);
        int most = Math.min(limit, Math.min(tokenIds.length, sequence.maximalPositions()));
        int end = KeyValueLayout.PAGE_POSITIONS;
        while (end <= most && adoptPage(sequence, prefix, tokenIds)) {
            end += KeyValueLayout.PAGE_POSITIONS;
        }
        return sequence.positions();
    }

    /**
     * States which tokens a sequence has computed, and keeps the pages that they fill. If an equal page is kept already the
     * sequence goes on with that one and its own is freed. Cheap as long as no page becomes full.
     *
     * @param firstPosition the position of the first token: the one behind those that were adopted or stated before
     * @param tokenIds the tokens whose positions the sequence has computed with {@link DecoderStage#forward}; copied
     * @throws IllegalArgumentException if the tokens do not follow those known, if the sequence has not computed so many
     *     positions, or if it is of another stage
     * @throws IllegalStateException if the sequence is closed
     */
    public void remember(SequenceState sequence, int firstPosition, int[] tokenIds) {
        check(sequence);
        if (!possible) {
            return;
        }
        SequencePrefix prefix = prefix(sequence);
        if (firstPosition != prefix.positions() || tokenIds.length > sequence.positions() - firstPosition) {
            throw new IllegalArgumentException("tokens of " + tokenIds.length + " positions from " + firstPosition
                    + " on can't be remembered: the sequence has computed " + sequence.positions()
                    + ", and the tokens of "
                    + prefix.positions() + " are known");
        }
        prefix.add(tokenIds, 0, tokenIds.length);
        for (int page = prefix.cachedPages(); page < prefix.fullPages(); page++) {
            sequence.cache(page, prefix.key(page));
            prefix.pageCached();
        }
    }

    /** Forgets all pages. Sequences keep what they have adopted. */
    public void clear() {
        pool.forgetCached();
    }

    private boolean adoptPage(SequenceState sequence, SequencePrefix prefix, int[] tokenIds) {
        int from = sequence.positions();
        KeyValuePage page = pool.find(prefix.keyOfNext(tokenIds, from));
        if (page == null) {
            return false;
        }
        sequence.adopt(page);
        prefix.add(tokenIds, from, sequence.positions());
        prefix.pageCached();
        return true;
    }

    private SequencePrefix prefix(SequenceState sequence) {
        SequencePrefix known = sequence.prefix();
        if (known != null) {
            return known;
        }
        SequencePrefix none = new SequencePrefix(hash, hash.root(sequence.frequencies()));
        sequence.know(none);
        return none;
    }

    private void check(SequenceState sequence) {
        if (sequence.closed()) {
            throw new IllegalStateException("the sequence has been closed");
        }
        if (!sequence.ofPool(pool)) {
            throw new IllegalArgumentException("the sequence is of another stage than the prefix cache");
        }
    }
}
