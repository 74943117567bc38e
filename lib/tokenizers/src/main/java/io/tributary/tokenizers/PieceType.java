package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What an entry of a vocabulary is for; SentencePiece and GGUF count them alike. Source: sentencepiece_model.proto. */
enum PieceType {
    NORMAL(1),
    UNKNOWN(2),
    CONTROL(3),
    USER_DEFINED(4),
    UNUSED(5),
    BYTE(6);

    private static final PieceType[] ALL = values();

    private final int number;

    PieceType(int number) {
        this.number = number;
    }

    /** The number that stands for this type in a file. */
    int number() {
        return number;
    }

    /** Whether such an entry steers and has no text. */
    boolean isSpecial() {
        return this == UNKNOWN || this == CONTROL;
    }

    /**
     * The type of an entry as it should be. Converters write what a tokenizer.json adds but does not call special as
     * USER_DEFINED, though models are steered by it, and fill gaps with entries that no tokenizer has.
     */
    static PieceType of(long number, int id, String text, Path file) {
        PieceType written = of(number, id, file);
        if (written != USER_DEFINED) {
            return written;
        }
        if (text.equals("[PAD" + id + "]")) {
            return UNUSED;
        }
        return ControlName.matches(text) ? CONTROL : USER_DEFINED;
    }

    static PieceType of(long number, int id, Path file) {
        for (PieceType type : ALL) {
            if (type.number() == number) {
                return type;
            }
        }
        throw new MalformedTokenizerException(
                file,
                "the token " + id + " has the type " + number + "; known are "
                        + Arrays.stream(ALL)
                                .map(type -> type.number() + " (" + type + ")")
                                .collect(Collectors.joining(", ")));
    }
}
