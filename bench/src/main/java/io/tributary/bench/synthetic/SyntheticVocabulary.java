package io.tributary.bench.synthetic;

import io.tributary.checkpoints.GgufValueType;
import io.tributary.checkpoints.GgufWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A vocabulary of the SentencePiece kind: the control tokens, all bytes, then words of letters behind the mark that
 * stands for a space. Every word grows letter by letter out of shorter pieces, so that a tokenizer can merge it.
 */
final class SyntheticVocabulary {
    /** Pieces without a word: three control tokens and 256 bytes. */
    static final int SPECIAL = 259;

    static final int UNKNOWN = 0;
    static final int BEGINNING_OF_TEXT = 1;
    static final int END_OF_TEXT = 2;

    private static final int TYPE_NORMAL = 1;
    private static final int TYPE_UNKNOWN = 2;
    private static final int TYPE_CONTROL = 3;
    private static final int TYPE_BYTE = 6;
    private static final String SPACE = "\u2581";

    private final List<String> pieces;

    /** @param size number of tokens, more than {@link #SPECIAL} */
    SyntheticVocabulary(int size) {
        if (size <= SPECIAL) {
            throw new IllegalArgumentException(
                    "a vocabulary of " + size + " tokens; control tokens and bytes alone are " + SPECIAL);
        }
        pieces = new ArrayList<>(size);
        pieces.addAll(List.of("<unk>", "<s>", "</s>"));
        for (int value = 0; value < 256; value++) {
            pieces.add("<0x" + HexFormat.of().withUpperCase().toHexDigits((byte) value) + ">");
        }
        addWords(size);
    }

    List<String> pieces() {
        return List.copyOf(pieces);
    }

    /** States the vocabulary in a file; the keys are those of docs/gguf.md of ggml. */
    void write(GgufWriter writer) {
        int size = pieces.size();
        double[] scores = new double[size];
        long[] types = new long[size];
        for (int id = 0; id < size; id++) {
            types[id] = type(id);
            // Pieces are merged in the order of their scores: shorter ones, which come first, before longer ones.
            scores[id] = types[id] == TYPE_NORMAL ? SPECIAL - id : 0;
        }
        writer.string("tokenizer.ggml.model", "llama")
                .strings("tokenizer.ggml.tokens", pieces)
                .reals("tokenizer.ggml.scores", GgufValueType.FLOAT32, scores)
                .integers("tokenizer.ggml.token_type", GgufValueType.INT32, types)
                .integer("tokenizer.ggml.bos_token_id", BEGINNING_OF_TEXT)
                .integer("tokenizer.ggml.eos_token_id", END_OF_TEXT)
                .integer("tokenizer.ggml.unknown_token_id", UNKNOWN)
                .flag("tokenizer.ggml.add_bos_token", true);
    }

    private static int type(int id) {
        if (id == UNKNOWN) {
            return TYPE_UNKNOWN;
        }
        return id == BEGINNING_OF_TEXT || id == END_OF_TEXT ? TYPE_CONTROL : id < SPECIAL ? TYPE_BYTE : TYPE_NORMAL;
    }

    /** The mark and the letters alone, then the words of one letter, of two, and so on, until there are enough. */
    private void addWords(int size) {
        pieces.add(SPACE);
        for (char letter = 'a'; letter <= 'z'; letter++) {
            pieces.add(Character.toString(letter));
        }
        List<String> stems = List.of(SPACE);
        while (pieces.size() < size) {
            List<String> longer = new ArrayList<>();
            for (String stem : stems) {
                for (char letter = 'a'; letter <= 'z'; letter++) {
                    longer.add(stem + letter);
                }
            }
            pieces.addAll(longer.subList(0, Math.min(longer.size(), Math.max(0, size - pieces.size()))));
            stems = longer;
        }
        pieces.subList(size, pieces.size()).clear();
    }
}
