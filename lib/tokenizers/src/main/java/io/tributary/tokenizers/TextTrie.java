package io.tributary.tokenizers;

import java.util.Arrays;
import java.util.Collection;

/**
 * Texts by their beginnings, each with a number. The edges of all nodes are in one hash table, since vocabularies have a
 * million nodes and most of these have one child. Immutable once it is built.
 */
final class TextTrie {
    /** Holds no text. */
    static final TextTrie EMPTY = new TextTrie(0);

    static final int ROOT = 0;
    static final int NONE = -1;

    private static final long NO_EDGE = -1;
    private static final long MIXER = 0x9E37_79B9_7F4A_7C15L;

    private final long[] edges;
    private final int[] targets;
    private int[] values = {NONE};
    private int nodes = 1;

    /** A trie for texts of so many chars in all. */
    TextTrie(int totalLength) {
        int capacity = Integer.highestOneBit(Math.max(1, totalLength)) << 2;
        edges = new long[capacity];
        targets = new int[capacity];
        Arrays.fill(edges, NO_EDGE);
    }

    /** A trie in which every text has the number 0. */
    static TextTrie of(Collection<String> texts) {
        TextTrie trie = new TextTrie(texts.stream().mapToInt(String::length).sum());
        texts.forEach(text -> trie.put(text, 0));
        return trie;
    }

    /** Gives a text a number of 0 or more, unless it has one. */
    void put(String text, int value) {
        int node = ROOT;
        for (int index = 0; index < text.length(); index++) {
            node = childOrNew(node, text.charAt(index));
        }
        if (values[node] == NONE) {
            values[node] = value;
        }
    }

    private int childOrNew(int node, char next) {
        int slot = slot(node, next);
        if (edges[slot] == NO_EDGE) {
            edges[slot] = edge(node, next);
            targets[slot] = nodes;
            if (nodes == values.length) {
                values = Arrays.copyOf(values, 2 * nodes);
                Arrays.fill(values, nodes, values.length, NONE);
            }
            nodes++;
        }
        return targets[slot];
    }

    /** The node that follows with this char; {@link #NONE} when no text goes on so. */
    int child(int node, char next) {
        int slot = slot(node, next);
        return edges[slot] == NO_EDGE ? NONE : targets[slot];
    }

    /** The number of the text that ends at the node; {@link #NONE} when none does. */
    int value(int node) {
        return values[node];
    }

    /** Where the longest text that begins at the position ends; {@link #NONE} when none does. */
    int longestPrefix(String text, int position) {
        int end = NONE;
        int node = ROOT;
        for (int index = position; index < text.length(); index++) {
            node = child(node, text.charAt(index));
            if (node == NONE) {
                break;
            }
            if (values[node] != NONE) {
                end = index + 1;
            }
        }
        return end;
    }

    private int slot(int node, char next) {
        long edge = edge(node, next);
        int mask = edges.length - 1;
        int slot = (int) ((edge * MIXER) >>> 32) & mask;
        while (edges[slot] != NO_EDGE && edges[slot] != edge) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static long edge(int node, char next) {
        return ((long) node << Character.SIZE) | next;
    }
}
