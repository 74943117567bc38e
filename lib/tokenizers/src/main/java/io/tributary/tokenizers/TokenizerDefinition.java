package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.function.Supplier;

/**
 * What was read of a tokenizer.
 *
 * @param file that it was read from, for messages
 * @param encoder makes what encodes, in which no text can match a special token; called once at most, and only when
 *     texts are to be encoded
 * @param frame what encoding must see to it that it stands around a text
 * @param endsOfText ids that end a text or a turn, as far as the files say
 */
record TokenizerDefinition(
        Path file,
        Supplier<TextEncoder> encoder,
        TextPreparation preparation,
        PieceTable pieces,
        SpecialFrame frame,
        NavigableSet<Integer> endsOfText) {

    TokenizerDefinition {
        frame.check(pieces.size(), file);
    }
}
