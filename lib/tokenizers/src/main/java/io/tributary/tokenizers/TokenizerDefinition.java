package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What was read of a tokenizer.
 *
 * @param file that it was read from, for messages
 * @param encodingJson writes a tokenizer.json for the engine, in which no text can match a special token; called once at
 *     most, and only when texts are to be encoded
 * @param addsBeginningOfText whether encoding must see to it that the text begins so
 * @param endsOfText ids that end a text or a turn, as far as the files say
 */
record TokenizerDefinition(
        Path file,
        Supplier<String> encodingJson,
        TextPreparation preparation,
        PieceTable pieces,
        OptionalInt beginningOfText,
        boolean addsBeginningOfText,
        NavigableSet<Integer> endsOfText) {

    TokenizerDefinition {
        if (addsBeginningOfText && beginningOfText.isEmpty()) {
            throw new MalformedTokenizerException(
                    file, "it wants a beginning-of-text token in front of every text, but names none");
        }
        if (beginningOfText.isPresent() && beginningOfText.getAsInt() >= pieces.size()) {
            throw new MalformedTokenizerException(
                    file,
                    "its beginning-of-text id is " + beginningOfText.getAsInt()
                            + ", but the vocabulary has the ids 0 to " + (pieces.size() - 1));
        }
    }
}
