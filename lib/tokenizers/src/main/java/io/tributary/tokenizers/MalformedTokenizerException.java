package io.tributary.tokenizers;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file breaks the rules of its tokenizer format. */
public final class MalformedTokenizerException extends TokenizerException {
    private static final long serialVersionUID = 1L;

    MalformedTokenizerException(Path file, String problem) {
        this(file, problem, null);
    }

    MalformedTokenizerException(Path file, String problem, @Nullable Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
