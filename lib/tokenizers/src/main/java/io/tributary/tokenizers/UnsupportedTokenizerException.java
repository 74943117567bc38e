package io.tributary.tokenizers;

import java.nio.file.Path;

/** A tokenizer is of a kind that this release does not support. */
public final class UnsupportedTokenizerException extends TokenizerException {
    private static final long serialVersionUID = 1L;

    UnsupportedTokenizerException(Path file, String problem) {
        super(file + ": " + problem, null);
    }
}
