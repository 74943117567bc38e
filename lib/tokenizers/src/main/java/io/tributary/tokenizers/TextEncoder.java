package io.tributary.tokenizers;

/** Prepared text to ids. Safe for use by several threads. */
sealed interface TextEncoder extends AutoCloseable permits NativeEncoder, UnigramEncoder {
    /**
     * The ids of a text.
     *
     * @param postProcess whether the encoder adds special tokens, if it knows of any
     */
    int[] encode(String text, boolean postProcess);

    @Override
    void close();
}
