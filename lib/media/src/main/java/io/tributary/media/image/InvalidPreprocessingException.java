package io.tributary.media.image;

/** A preprocessor_config.json asks for what is not supported, or makes no sense. */
public final class InvalidPreprocessingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidPreprocessingException(String field, String found, String right) {
        super("preprocessor_config.json: " + field + " is " + found + "; " + right + " is supported");
    }
}
