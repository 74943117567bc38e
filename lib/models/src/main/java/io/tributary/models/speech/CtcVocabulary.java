package io.tributary.models.speech;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.models.architecture.UnsupportedArchitectureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/**
 * What the labels of a CTC head mean: letters, the end of a word, the blank, and others that stand for no text. Immutable.
 */
public final class CtcVocabulary {
    private static final long MAXIMAL_BYTES = 16L << 20;
    private static final String BLANK = "<pad>";
    private static final String WORD_END = "|";
    private static final Set<String> WITHOUT_TEXT = Set.of(BLANK, "<s>", "</s>", "<unk>");

    private final String[] texts;
    private final int blank;

    private CtcVocabulary(String[] texts, int blank) {
        this.texts = texts;
        this.blank = blank;
    }

    /**
     * Reads the vocab.json of a directory of transformers: an object of tokens and their ids.
     *
     * @param labels of the model's head
     * @throws UnsupportedArchitectureException when it is not such an object, ids are not those of labels, or there is no blank
     */
    public static CtcVocabulary read(Path directory, int labels) {
        Path file = directory.resolve("vocab.json");
        try {
            if (Files.size(file) > MAXIMAL_BYTES) {
                throw fault(file, Files.size(file) + " bytes", "at most " + MAXIMAL_BYTES);
            }
            return of(file, new ObjectMapper().readTree(file.toFile()), labels);
        } catch (IOException unreadable) {
            throw fault(file, "which cannot be read (" + unreadable.getMessage() + ")", "an object of tokens");
        }
    }

    private static CtcVocabulary of(Path file, JsonNode vocabulary, int labels) {
        String[] texts = new String[labels];
        Arrays.fill(texts, "");
        int blank = -1;
        for (var entry : vocabulary.properties()) {
            int label = entry.getValue().asInt(-1);
            if (label < 0 || label >= labels) {
                throw fault(
                        file, "the id " + entry.getValue() + " of " + entry.getKey(), "ids of 0 to " + (labels - 1));
            }
            if (entry.getKey().equals(BLANK)) {
                blank = label;
            }
            if (!WITHOUT_TEXT.contains(entry.getKey())) {
                texts[label] = entry.getKey().equals(WORD_END) ? " " : entry.getKey();
            }
        }
        if (blank < 0) {
            throw fault(file, "no token " + BLANK, "one, which is the blank");
        }
        return new CtcVocabulary(texts, blank);
    }

    private static UnsupportedArchitectureException fault(Path file, String found, String supported) {
        return new UnsupportedArchitectureException(file + " with " + found, supported);
    }

    /** Number of labels. */
    public int size() {
        return texts.length;
    }

    /** The label of no output. */
    public int blank() {
        return blank;
    }

    /** The text of labels that come one after the other, words separated by one space. */
    public String text(int[] labels) {
        StringBuilder text = new StringBuilder();
        for (int label : labels) {
            text.append(texts[label]);
        }
        return text.toString().strip().replaceAll(" +", " ");
    }
}
