package io.tributary.bench.model;

import io.tributary.bench.WrongUsageException;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

/**
 * Makes a text that a tokenizer cuts into a wanted number of tokens.
 *
 * @param tokens counts the tokens of a text
 */
record PromptText(ToIntFunction<String> tokens) {
    private static final long SEED = 20_260_923;
    private static final int LETTERS = 3;
    private static final int ALPHABET = 26;

    /**
     * Random words, as many as give at most {@code count} tokens and would give more with another one.
     *
     * @throws WrongUsageException when not even one word fits
     */
    String of(int count) {
        // A word has a token at least, so there are never more words than tokens.
        int fitting = 0;
        int tooMany = count + 1;
        while (tooMany - fitting > 1) {
            int words = (fitting + tooMany) >>> 1;
            if (tokens.applyAsInt(words(words)) <= count) {
                fitting = words;
            } else {
                tooMany = words;
            }
        }
        if (fitting == 0) {
            throw new WrongUsageException(
                    "--prompt", count, "a word of " + LETTERS + " letters takes more tokens of this model");
        }
        return words(fitting);
    }

    private static String words(int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        StringBuilder text = new StringBuilder();
        for (int letter = 0; letter < count * LETTERS; letter++) {
            if (letter % LETTERS == 0) {
                text.append(' ');
            }
            text.append((char) ('a' + random.nextInt(ALPHABET)));
        }
        return text.toString();
    }
}
