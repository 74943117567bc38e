package io.tributary.tokenizers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the pieces of a text with the highest sum of scores (Kudo, "Subword Regularization", 2018), with the arithmetic
 * and the order of unigram_model.cc of github.com/google/sentencepiece, so that ties come out the same.
 *
 * <p>The native engine knows the method too, but finds the names of byte pieces such as {@code <0x0A>} in texts, which
 * SentencePiece does not. Immutable but for being closed.
 */
final class UnigramEncoder implements TextEncoder {
    private static final int BYTES = 256;

    /** Far more than pieces have; from every position of a text the encoder may go as far as the longest piece. */
    private static final int MAXIMAL_PIECE_CHARS = 1024;

    private static final float UNKNOWN_PENALTY = 10;
    private static final double USER_DEFINED_PENALTY = 0.1;

    private final TextTrie pieces;
    private final double[] scores;
    private final int[] byteIds;
    private final int unknownId;
    private final float unknownScore;
    private volatile boolean closed;

    private UnigramEncoder(TextTrie pieces, double[] scores, int[] byteIds, int unknownId, float unknownScore) {
        this.pieces = pieces;
        this.scores = scores;
        this.byteIds = byteIds;
        this.unknownId = unknownId;
        this.unknownScore = unknownScore;
    }

    /**
     * The encoder of a vocabulary.
     *
     * @throws MalformedTokenizerException if a piece is too long, or none stands for what is unknown
     */
    static UnigramEncoder of(Vocabulary vocabulary) {
        checkLengths(vocabulary);
        List<VocabularyPiece> all = vocabulary.pieces();
        float lowest = Float.MAX_VALUE;
        float highest = Float.MIN_NORMAL;
        for (VocabularyPiece piece : all) {
            if (piece.type() == PieceType.NORMAL) {
                lowest = Math.min(lowest, piece.score());
                highest = Math.max(highest, piece.score());
            }
        }
        TextTrie pieces = new TextTrie(
                all.stream().mapToInt(piece -> piece.text().length()).sum());
        double[] scores = new double[all.size()];
        for (int id = 0; id < scores.length; id++) {
            String text = SentencePieceNormalizer.escaped(all.get(id).text());
            if (vocabulary.isMergeable(id)) {
                scores[id] = all.get(id).score();
                pieces.put(text, id);
            } else if (vocabulary.isUserDefined(id)) {
                scores[id] = PieceForm.literal(text).length * highest - USER_DEFINED_PENALTY;
                pieces.put(text, id);
            }
        }
        return new UnigramEncoder(pieces, scores, byteIds(vocabulary), unknownId(vocabulary), lowest - UNKNOWN_PENALTY);
    }

    private static void checkLengths(Vocabulary vocabulary) {
        for (int id = 0; id < vocabulary.pieces().size(); id++) {
            int length = vocabulary.pieces().get(id).text().length();
            if (length > MAXIMAL_PIECE_CHARS) {
                throw new MalformedTokenizerException(
                        vocabulary.file(),
                        "the piece with id " + id + " has " + length + " chars; at most " + MAXIMAL_PIECE_CHARS
                                + " are allowed");
            }
        }
    }

    private static int unknownId(Vocabulary vocabulary) {
        return IntStream.range(0, vocabulary.pieces().size())
                .filter(id -> vocabulary.pieces().get(id).type() == PieceType.UNKNOWN)
                .findFirst()
                .orElseThrow(() -> new MalformedTokenizerException(
                        vocabulary.file(), "it has no unknown token, so there are texts that it cannot encode"));
    }

    /** The ids of all bytes in their order; none unless the vocabulary has them all. */
    private static int[] byteIds(Vocabulary vocabulary) {
        int[] ids = new int[BYTES];
        Arrays.fill(ids, TextTrie.NONE);
        for (int id = 0; id < vocabulary.pieces().size(); id++) {
            VocabularyPiece piece = vocabulary.pieces().get(id);
            int value = piece.type() == PieceType.BYTE ? PieceForm.byteValue(piece.text()) : TextTrie.NONE;
            if (value >= 0) {
                ids[value] = id;
            }
        }
        return IntStream.of(ids).anyMatch(id -> id == TextTrie.NONE) ? new int[0] : ids;
    }

    @Override
    public int[] encode(String text, boolean postProcess) {
        if (closed) {
            throw new IllegalStateException("the tokenizer is closed");
        }
        int[] starts = new int[text.length() + 1];
        int[] ids = new int[text.length() + 1];
        float[] best = new float[text.length() + 1];
        Arrays.fill(starts, TextTrie.NONE);
        int start = 0;
        while (start < text.length()) {
            int next = text.offsetByCodePoints(start, 1);
            if (!extend(text, start, next, starts, ids, best)) {
                offer(unknownScore + best[start], unknownId, start, next, starts, ids, best);
            }
            start = next;
        }
        return path(text, starts, ids);
    }

    /** Offers all pieces that begin at the start; says whether one of them is the character there. */
    private boolean extend(String text, int start, int next, int[] starts, int[] ids, float[] best) {
        boolean hasCharacter = false;
        int node = TextTrie.ROOT;
        for (int index = start; index < text.length(); index++) {
            node = pieces.child(node, text.charAt(index));
            if (node == TextTrie.NONE) {
                break;
            }
            int id = pieces.value(node);
            if (id != TextTrie.NONE) {
                offer(scores[id] + best[start], id, start, index + 1, starts, ids, best);
                hasCharacter |= index + 1 == next;
            }
        }
        return hasCharacter;
    }

    private static void offer(double score, int id, int start, int end, int[] starts, int[] ids, float[] best) {
        if (starts[end] == TextTrie.NONE || score > best[end]) {
            starts[end] = start;
            ids[end] = id;
            best[end] = (float) score;
        }
    }

    /** The ids on the best way to the end; neighbours that are unknown become one id, or the ids of their bytes. */
    private int[] path(String text, int[] starts, int[] ids) {
        IntStream.Builder reversed = IntStream.builder();
        int length = 0;
        boolean afterUnknown = false;
        for (int end = text.length(); end > 0; end = starts[end]) {
            boolean isUnknown = ids[end] == unknownId;
            if (isUnknown && byteIds.length > 0) {
                byte[] bytes = text.substring(starts[end], end).getBytes(StandardCharsets.UTF_8);
                for (int index = bytes.length - 1; index >= 0; index--) {
                    reversed.add(byteIds[Byte.toUnsignedInt(bytes[index])]);
                    length++;
                }
            } else if (!isUnknown || !afterUnknown) {
                reversed.add(ids[end]);
                length++;
            }
            afterUnknown = isUnknown;
        }
        int[] path = new int[length];
        for (int id : reversed.build().toArray()) {
            path[--length] = id;
        }
        return path;
    }

    @Override
    public void close() {
        closed = true;
    }
}
