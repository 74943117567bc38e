package io.tributary.models.sampling;

import java.util.Arrays;

/**
 * The tokens that a sequence holds, in their order, and how often each was generated: what the penalties need. Memory
 * grows with the number of tokens, not with the vocabulary. Not thread-safe; one sequence owns it.
 */
public final class TokenHistory {
    private static final int EMPTY = -1;
    private static final int INITIAL_SLOTS = 64;

    private int[] slots = newSlots(INITIAL_SLOTS);
    private int[] ids = new int[INITIAL_SLOTS / 2];
    private int[] generatedCounts = new int[INITIAL_SLOTS / 2];
    private int distinct;
    private int[] sequence = new int[INITIAL_SLOTS];
    private int promptTokens;
    private int generatedTokens;

    /** Records a token of the prompt. */
    public void addPrompt(int id) {
        indexOf(id);
        append(id);
        promptTokens++;
    }

    /** Records a token that was drawn. */
    public void addGenerated(int id) {
        // Looked up first: it may replace the array of counts by a longer one.
        int index = indexOf(id);
        generatedCounts[index]++;
        append(id);
        generatedTokens++;
    }

    /** Number of prompt tokens recorded, repetitions included. */
    public int promptTokens() {
        return promptTokens;
    }

    /** Number of generated tokens recorded, repetitions included. */
    public int generatedTokens() {
        return generatedTokens;
    }

    /** Number of tokens recorded, repetitions included. */
    public int tokens() {
        return promptTokens + generatedTokens;
    }

    /** The token at an index below {@link #tokens()}, in the order in which they were recorded. */
    public int token(int index) {
        return sequence[index];
    }

    /** Number of distinct tokens, of prompt and generated ones together. */
    public int distinctTokens() {
        return distinct;
    }

    /** The distinct token at an index below {@link #distinctTokens()}, in order of first appearance. */
    public int id(int index) {
        return ids[index];
    }

    /** How often the distinct token at an index was generated; 0 if it is of the prompt alone. */
    public int generatedCount(int index) {
        return generatedCounts[index];
    }

    private void append(int id) {
        if (tokens() == sequence.length) {
            sequence = Arrays.copyOf(sequence, 2 * sequence.length);
        }
        sequence[tokens()] = id;
    }

    private int indexOf(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("a token id is " + id + " but can't be negative");
        }
        int slot = slotOf(slots, id);
        if (slots[slot] != EMPTY) {
            return slots[slot];
        }
        if (distinct == ids.length) {
            grow();
            slot = slotOf(slots, id);
        }
        slots[slot] = distinct;
        ids[distinct] = id;
        return distinct++;
    }

    private int slotOf(int[] table, int id) {
        int mask = table.length - 1;
        int slot = ((id * 0x9E3779B9) >>> 7) & mask;
        // At most half of the slots are taken, so the walk ends.
        while (table[slot] != EMPTY && ids[table[slot]] != id) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int[] wider = newSlots(slots.length * 2);
        for (int index = 0; index < distinct; index++) {
            wider[slotOf(wider, ids[index])] = index;
        }
        slots = wider;
        ids = Arrays.copyOf(ids, wider.length / 2);
        generatedCounts = Arrays.copyOf(generatedCounts, wider.length / 2);
    }

    private static int[] newSlots(int count) {
        int[] slots = new int[count];
        Arrays.fill(slots, EMPTY);
        return slots;
    }
}
