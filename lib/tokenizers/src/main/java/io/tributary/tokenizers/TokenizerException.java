package io.tributary.tokenizers;

import org.jspecify.annotations.Nullable;

/** What can go wrong between a text and its ids. */
public abstract sealed class TokenizerException extends RuntimeException
        permits InvalidTextException,
                MalformedTokenizerException,
                TextTooLongException,
                TokenizerNotFoundException,
                UnknownTokenException,
                UnsupportedTokenizerException {
    private static final long serialVersionUID = 1L;

    TokenizerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
