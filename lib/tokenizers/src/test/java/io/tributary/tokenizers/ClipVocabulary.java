package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The vocabulary of CLIP, built from its merges as OpenAI's SimpleTokenizer builds it. */
final class ClipVocabulary {
    static final int BEGINNING = 49406;
    static final int END = 49407;

    private ClipVocabulary() {}

    /** Writes a directory with vocab.json and merges.txt. */
    static Path write(Path directory) {
        try {
            ObjectNode ids = JsonNodeFactory.instance.objectNode();
            entries().forEach(entry -> ids.put(entry, ids.size()));
            Files.writeString(directory.resolve("vocab.json"), ids.toString());
            Files.writeString(directory.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges()) + "\n");
            return directory;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The entries in the order of their ids: bytes, bytes that end a word, what merges make, begin and end. */
    static List<String> entries() {
        List<String> entries = new ArrayList<>();
        for (int pass = 0; pass < 2; pass++) {
            String end = pass == 0 ? "" : "</w>";
            printableFirst().forEach(value -> entries.add(ByteLevelAlphabet.character(value) + end));
        }
        merges().forEach(merge -> entries.add(merge.replace(" ", "")));
        entries.add("<|startoftext|>");
        entries.add("<|endoftext|>");
        return entries;
    }

    static List<String> merges() {
        String text =
                new String(Tokenizers.decompressed("/goldens/tokenizers/clip-merges.txt.gz"), StandardCharsets.UTF_8);
        return text.lines().skip(1).toList();
    }

    /** Bytes that stand for themselves come first. */
    private static List<Integer> printableFirst() {
        List<Integer> values = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            if (ByteLevelAlphabet.character(value) == value) {
                values.add(value);
            }
        }
        for (int value = 0; value < 256; value++) {
            if (ByteLevelAlphabet.character(value) != value) {
                values.add(value);
            }
        }
        return values;
    }
}
