package io.tributary.tokenizers;

import org.jspecify.annotations.Nullable;

/** A model has no tokenizer, or it cannot be read. */
public final class TokenizerNotFoundException extends TokenizerException {
    private static final long serialVersionUID = 1L;

    TokenizerNotFoundException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
