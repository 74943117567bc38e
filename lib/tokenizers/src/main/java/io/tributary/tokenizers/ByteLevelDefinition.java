package io.tributary.tokenizers;

import io.tributary.tokenizers.EncodingJson.Merge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A byte-level vocabulary of a GGUF file with its list of merges. */
final class ByteLevelDefinition {
    private static final int CONTINUATION_BYTES_END = 0xC0;
    private static final int FIRST_LEADING_BYTE = 0xC2;
    private static final int LAST_LEADING_BYTE = 0xF4;

    private ByteLevelDefinition() {}

    /**
     * What the tokenizer needs to know.
     *
     * @param merges pairs of texts with one space between them, in the order of their priority
     */
    static TokenizerDefinition of(Vocabulary vocabulary, List<String> merges, PreTokenizer preTokenizer) {
        return new TokenizerDefinition(
                vocabulary.file(),
                () -> encodingJson(vocabulary, merges, preTokenizer),
                TextPreparation.NONE,
                vocabulary.table(PieceForm.BYTE_LEVEL, false),
                vocabulary.beginningOfText(),
                vocabulary.addsBeginningOfText(),
                vocabulary.endIds());
    }

    private static String encodingJson(Vocabulary vocabulary, List<String> merges, PreTokenizer preTokenizer) {
        Map<String, Integer> entries = new LinkedHashMap<>();
        Map<String, Integer> userDefined = new LinkedHashMap<>();
        Set<String> unmergeable = new HashSet<>();
        for (int id = 0; id < vocabulary.pieces().size(); id++) {
            String text = vocabulary.pieces().get(id).text();
            if (vocabulary.isMergeable(id)) {
                entries.putIfAbsent(text, id);
                continue;
            }
            unmergeable.add(text);
            if (vocabulary.isUserDefined(id)) {
                userDefined.putIfAbsent(text, id);
            }
        }
        checkAlphabet(entries.keySet(), vocabulary.file());
        List<Merge> kept = kept(merges, entries.keySet(), unmergeable, vocabulary.file());
        entries.putAll(userDefined);
        return new EncodingJson(
                        entries, kept, userDefined, preTokenizer.splits(), null, false, preTokenizer.wholeWordsFirst())
                .write();
    }

    /**
     * Checks that every byte that occurs in UTF-8 has an entry, since the engine leaves out without a word what has none.
     *
     * @param entries texts of the vocabulary in the {@link ByteLevelAlphabet}
     */
    static void checkAlphabet(Set<String> entries, Path file) {
        for (int value = 0; value <= LAST_LEADING_BYTE; value++) {
            boolean occurs = value < CONTINUATION_BYTES_END || value >= FIRST_LEADING_BYTE;
            if (occurs && !entries.contains(String.valueOf(ByteLevelAlphabet.character(value)))) {
                throw new MalformedTokenizerException(
                        file, "the vocabulary has no token for the byte 0x%02X alone".formatted(value));
            }
        }
    }

    /** All merges but those that would make or use an entry that texts must not match. */
    private static List<Merge> kept(List<String> merges, Set<String> entries, Set<String> unmergeable, Path file) {
        List<Merge> kept = new ArrayList<>(merges.size());
        for (String written : merges) {
            int space = written.indexOf(' ', 1);
            if (space < 0 || space == written.length() - 1) {
                throw new MalformedTokenizerException(
                        file, "the merge '" + written + "' is not two texts with a space between them");
            }
            Merge merge = new Merge(written.substring(0, space), written.substring(space + 1));
            List<String> missing = Stream.of(merge.left(), merge.right(), merge.left() + merge.right())
                    .filter(text -> !entries.contains(text))
                    .toList();
            if (!unmergeable.containsAll(missing)) {
                throw new MalformedTokenizerException(
                        file, "the merge '" + written + "' uses or makes a text that is not in the vocabulary");
            }
            if (missing.isEmpty()) {
                kept.add(merge);
            }
        }
        return kept;
    }
}
