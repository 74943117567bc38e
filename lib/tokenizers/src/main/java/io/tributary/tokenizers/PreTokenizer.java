package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.List;

/**
 * How a byte-level vocabulary of a GGUF file wants a text to be cut before merging.
 *
 * @param names under which tokenizer.ggml.pre calls it
 * @param wholeWordsFirst whether a cut that is in the vocabulary is taken without merging
 * @param frame the special tokens around a text when the file does not say
 * @param splits regular expressions that cut the text, one after the other: what matches is a piece, and so is what lies
 *     between
 */
record PreTokenizer(List<String> names, boolean wholeWordsFirst, Frame frame, List<String> splits) {

    /** The special tokens that a model expects around a text. */
    enum Frame {
        NONE,
        BEGINNING,
        END,
        BEGINNING_AND_END;

        boolean begins() {
            return this == BEGINNING || this == BEGINNING_AND_END;
        }

        boolean ends() {
            return this == END || this == BEGINNING_AND_END;
        }
    }

    /**
     * The pre-tokenizer of that name.
     *
     * @param file that names it, for messages
     */
    static PreTokenizer named(String name, Path file) {
        return PreTokenizerCatalog.ALL.stream()
                .filter(candidate -> candidate.names.contains(name))
                .findFirst()
                .orElseThrow(() -> new UnsupportedTokenizerException(
                        file, "the pre-tokenizer '" + name + "' is not known; known are " + knownNames()));
    }

    /** The names of all, for messages. */
    static String knownNames() {
        return String.join(
                ", ",
                PreTokenizerCatalog.ALL.stream()
                        .flatMap(candidate -> candidate.names.stream())
                        .toList());
    }
}
