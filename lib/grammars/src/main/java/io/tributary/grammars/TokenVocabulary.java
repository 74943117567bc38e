package io.tributary.grammars;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The byte strings of a model's tokens, as a tree of their common beginnings. Immutable, shared by all grammars of a
 * model.
 *
 * <p>The nodes of the tree are numbered so that a node is followed by all below it: a walk is a scan with jumps.
 */
public final class TokenVocabulary {
    private static final byte[] NO_TEXT = new byte[0];

    private final byte[][] pieces;
    private final int[] tokens;
    private final byte[] bytes;
    private final int[] depths;
    private final int[] ends;
    private final int[] firstTokens;
    private final int longest;
    private int nodes;

    private TokenVocabulary(byte[][] pieces, int[] tokens) {
        this.pieces = pieces;
        this.tokens = tokens;
        int bound = countNodes();
        this.bytes = new byte[bound];
        this.depths = new int[bound];
        this.ends = new int[bound];
        this.firstTokens = new int[bound + 1];
        this.longest =
                Arrays.stream(pieces).mapToInt(piece -> piece.length).max().orElse(0);
        build();
    }

    /**
     * A vocabulary of {@code size} tokens.
     *
     * @param piece the bytes of a token; they may be a part of a UTF-8 character. A token without bytes is never
     *     allowed
     * @param special tokens that stand for no text, which no grammar allows; they are not asked for their bytes
     */
    public static TokenVocabulary of(int size, IntFunction<byte[]> piece, IntPredicate special) {
        byte[][] pieces = new byte[size][];
        Arrays.setAll(
                pieces,
                token -> special.test(token) ? NO_TEXT : piece.apply(token).clone());
        int[] tokens = IntStream.range(0, size)
                .filter(token -> pieces[token].length > 0)
                .boxed()
                .sorted(Comparator.comparing(token -> pieces[token], Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        return new TokenVocabulary(pieces, tokens);
    }

    /** The number of tokens. */
    public int size() {
        return pieces.length;
    }

    /** The bytes of a token, none if it is special. The array is the vocabulary's own: read it only. */
    byte[] piece(int token) {
        return pieces[token];
    }

    /** The number of bytes of the longest token. */
    int longest() {
        return longest;
    }

    /** The number of nodes of the tree, the root not counted. */
    int nodes() {
        return nodes;
    }

    /** The byte that leads to a node. */
    int byteOf(int node) {
        return bytes[node] & 0xff;
    }

    /** The number of bytes before the one of this node. */
    int depthOf(int node) {
        return depths[node];
    }

    /** The first node after all that are below this one. */
    int endOf(int node) {
        return ends[node];
    }

    /** Adds the tokens whose bytes end at a node to a mask. */
    void allow(int node, long[] mask) {
        for (int i = firstTokens[node]; i < firstTokens[node + 1]; i++) {
            mask[tokens[i] >> 6] |= 1L << tokens[i];
        }
    }

    private int countNodes() {
        int count = 0;
        byte[] before = NO_TEXT;
        for (int token : tokens) {
            count += pieces[token].length - common(before, pieces[token]);
            before = pieces[token];
        }
        return count;
    }

    private void build() {
        int[] open = new int[longest];
        byte[] before = NO_TEXT;
        for (int i = 0; i < tokens.length; i++) {
            byte[] piece = pieces[tokens[i]];
            int common = common(before, piece);
            close(open, common, before.length);
            for (int depth = common; depth < piece.length; depth++) {
                open[depth] = nodes;
                bytes[nodes] = piece[depth];
                depths[nodes] = depth;
                firstTokens[nodes++] = i;
            }
            before = piece;
        }
        close(open, 0, before.length);
        firstTokens[nodes] = tokens.length;
    }

    private void close(int[] open, int from, int to) {
        for (int depth = from; depth < to; depth++) {
            ends[open[depth]] = nodes;
        }
    }

    private static int common(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }
}
