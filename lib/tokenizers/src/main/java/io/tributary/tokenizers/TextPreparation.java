package io.tributary.tokenizers;

/** What is done to a text before its pieces are looked for, over and above what the engine is told to do. */
enum TextPreparation {
    /** Nothing. */
    NONE {
        @Override
        String apply(String text) {
            return text;
        }
    },

    /** SentencePiece without a dummy prefix: spaces are escaped. */
    ESCAPE_SPACES {
        @Override
        String apply(String text) {
            return text.replace(' ', PieceForm.ESCAPED_SPACE);
        }
    },

    /**
     * SentencePiece with a dummy prefix: one space in front of every text that is not empty, then spaces are escaped. Done
     * once for the whole text, not after each added token, so that decoding gives the text back.
     */
    ESCAPE_SPACES_AND_PREFIX_ONE {
        @Override
        String apply(String text) {
            return text.isEmpty() ? text : PieceForm.ESCAPED_SPACE + ESCAPE_SPACES.apply(text);
        }
    };

    abstract String apply(String text);
}
