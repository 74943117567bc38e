package io.tributary.grammars;

import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** The byte strings of a model's tokens. Immutable, shared by all grammars of a model. */
public final class TokenVocabulary {
    private final int size;

    private TokenVocabulary(int size) {
        this.size = size;
    }

    /**
     * A vocabulary of {@code size} tokens.
     *
     * @param piece the bytes of a token; they may be a part of a UTF-8 character
     * @param special tokens that stand for no text, which no grammar allows
     */
    public static TokenVocabulary of(int size, IntFunction<byte[]> piece, IntPredicate special) {
        return new TokenVocabulary(size);
    }

    /** The number of tokens. */
    public int size() {
        return size;
    }
}
