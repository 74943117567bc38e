package io.tributary.tokenizers;

import io.tributary.tokenizers.EncodingJson.Merge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A byte-level vocabulary of a GGUF file with its list of merges. */
final class ByteLevelDefinition {
    private ByteLevelDefinition() {}

    /**
     * What the tokenizer needs to know.
     *
     * @param merges pairs of texts with one space between them, in the order of their priority
     */
    static TokenizerDefinition of(Vocabulary vocabulary, List<String> merges, PreTokenizer preTokenizer) {
        return new TokenizerDefinition(
                vocabulary.file(),
                () -> NativeEncoder.of(encodingJson(vocabulary, merges, preTokenizer), vocabulary.file()),
                UnassignedPlanes.replacing(mergeableTexts(vocabulary), "", vocabulary.file()),
                vocabulary.table(PieceForm.BYTE_LEVEL, BorderSpace.KEPT),
                vocabulary.frame(),
                vocabulary.endIds());
    }

    private static Set<String> mergeableTexts(Vocabulary vocabulary) {
        return IntStream.range(0, vocabulary.pieces().size())
                .filter(vocabulary::isMergeable)
                .mapToObj(id -> vocabulary.pieces().get(id).text())
                .collect(Collectors.toSet());
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
        List<Merge> kept = kept(merges, entries.keySet(), unmergeable, vocabulary.file());
        entries.putAll(userDefined);
        return new EncodingJson(
                        entries, kept, userDefined, preTokenizer.splits(), null, false, preTokenizer.wholeWordsFirst())
                .write();
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
