package io.tributary.tokenizers;

import io.tributary.checkpoints.GgufValueType;
import io.tributary.checkpoints.GgufWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Writes GGUF files with vocabularies of a few entries. */
final class SmallVocabulary {
    /** Number of entries before the first one that is added: the bytes, and for SentencePiece unknown, begin and end. */
    static final int BYTE_LEVEL_START = 256;

    static final int SENTENCE_PIECE_START = 259;

    private final List<String> texts = new ArrayList<>();
    private final List<PieceType> types = new ArrayList<>();
    private final List<Double> scores = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();
    private final GgufWriter writer = new GgufWriter();
    private final boolean byteLevel;

    private SmallVocabulary(boolean byteLevel) {
        this.byteLevel = byteLevel;
        writer.string("general.architecture", "llama");
        writer.string("tokenizer.ggml.model", byteLevel ? "gpt2" : "llama");
    }

    static SmallVocabulary byteLevel(String preTokenizer) {
        SmallVocabulary vocabulary = new SmallVocabulary(true);
        vocabulary.writer.string("tokenizer.ggml.pre", preTokenizer);
        for (int value = 0; value < BYTE_LEVEL_START; value++) {
            vocabulary.piece(String.valueOf(ByteLevelAlphabet.character(value)), PieceType.NORMAL);
        }
        return vocabulary;
    }

    static SmallVocabulary sentencePiece() {
        SmallVocabulary vocabulary = new SmallVocabulary(false);
        vocabulary.piece("<unk>", PieceType.UNKNOWN);
        vocabulary.piece("<s>", PieceType.CONTROL).piece("</s>", PieceType.CONTROL);
        IntStream.range(0, 256).forEach(value -> vocabulary.piece(PieceForm.bytePiece(value), PieceType.BYTE));
        return vocabulary;
    }

    SmallVocabulary piece(String text, PieceType type) {
        return piece(text, type, 0);
    }

    SmallVocabulary piece(String text, PieceType type, double score) {
        texts.add(text);
        types.add(type);
        scores.add(score);
        return this;
    }

    /** Adds a merge and, when it is new, the entry that it makes. */
    SmallVocabulary merge(String left, String right) {
        merges.add(left + " " + right);
        return texts.contains(left + right) ? this : piece(left + right, PieceType.NORMAL);
    }

    SmallVocabulary key(String key, long value) {
        writer.integer("tokenizer.ggml." + key, value);
        return this;
    }

    SmallVocabulary key(String key, boolean value) {
        writer.flag("tokenizer.ggml." + key, value);
        return this;
    }

    Path write(Path directory) {
        writer.strings("tokenizer.ggml.tokens", texts);
        long[] numbers = types.stream().mapToLong(PieceType::number).toArray();
        writer.integers("tokenizer.ggml.token_type", GgufValueType.INT32, numbers);
        if (byteLevel) {
            writer.strings("tokenizer.ggml.merges", merges);
        } else {
            double[] values = scores.stream().mapToDouble(Double::doubleValue).toArray();
            writer.reals("tokenizer.ggml.scores", GgufValueType.FLOAT32, values);
        }
        Path file = directory.resolve("vocabulary.gguf");
        writer.write(file);
        return file;
    }
}
