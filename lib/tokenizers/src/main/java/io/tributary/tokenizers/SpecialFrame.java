package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The special tokens that a model may want around a text.
 *
 * @param beginning the id that begins a text, if the model has one
 * @param addsBeginning whether encoding puts it in front
 * @param end the id that encoding may put behind a text, if the model has one
 * @param addsEnd whether encoding puts it behind
 */
record SpecialFrame(OptionalInt beginning, boolean addsBeginning, OptionalInt end, boolean addsEnd) {
    /** No tokens around a text, beyond those that the engine's post-processor adds. */
    static final SpecialFrame NONE = new SpecialFrame(OptionalInt.empty(), false, OptionalInt.empty(), false);

    boolean contains(int id) {
        return (beginning.isPresent() && beginning.getAsInt() == id) || (end.isPresent() && end.getAsInt() == id);
    }

    /** The same tokens with another one in front. */
    SpecialFrame begunBy(int id) {
        return new SpecialFrame(OptionalInt.of(id), true, end, addsEnd);
    }

    /** Checks that what is to be added exists. */
    void check(int vocabularySize, Path file) {
        check("beginning", beginning, addsBeginning, vocabularySize, file);
        check("end", end, addsEnd, vocabularySize, file);
    }

    private static void check(String place, OptionalInt id, boolean isAdded, int vocabularySize, Path file) {
        if (isAdded && id.isEmpty()) {
            throw new MalformedTokenizerException(
                    file, "it wants a token at the " + place + " of every text, but names none");
        }
        if (id.isPresent() && (id.getAsInt() < 0 || id.getAsInt() >= vocabularySize)) {
            throw new MalformedTokenizerException(
                    file,
                    "its " + place + "-of-text id is " + id.getAsInt() + ", but the vocabulary has the ids 0 to "
                            + (vocabularySize - 1));
        }
    }

    /** The ids with what belongs around them, which the engine's post-processor may have put there already. */
    int[] around(int[] ids) {
        boolean begins = addsBeginning && (ids.length == 0 || ids[0] != beginning.getAsInt());
        boolean ends = addsEnd && (ids.length == 0 || ids[ids.length - 1] != end.getAsInt());
        if (!begins && !ends) {
            return ids;
        }
        int start = begins ? 1 : 0;
        int[] framed = new int[start + ids.length + (ends ? 1 : 0)];
        System.arraycopy(ids, 0, framed, start, ids.length);
        if (begins) {
            framed[0] = beginning.getAsInt();
        }
        if (ends) {
            framed[framed.length - 1] = end.getAsInt();
        }
        return framed;
    }
}
