package io.tributary.tokenizers;

import io.tributary.tokenizers.EncodingJson.Merge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A SentencePiece vocabulary of type BPE as merges. SentencePiece joins the two neighbours whose union has the highest
 * score; so every way to cut a piece in two is a merge, and merges are ordered by the score of what they make.
 */
final class SentencePieceDefinition {
    private static final int BYTES = 256;

    private final Vocabulary vocabulary;
    private final Map<String, Integer> mergeable = new LinkedHashMap<>();
    private final Map<String, Integer> bytePieces = new LinkedHashMap<>();
    private final Map<String, Integer> userDefined = new LinkedHashMap<>();
    private @Nullable VocabularyPiece unknown;
    private int unknownId;

    private SentencePieceDefinition(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        for (int id = 0; id < vocabulary.pieces().size(); id++) {
            sort(id, vocabulary.pieces().get(id));
        }
    }

    /**
     * What the tokenizer needs to know.
     *
     * @param normalizer what is done to a text first
     */
    static TokenizerDefinition of(Vocabulary vocabulary, SentencePieceNormalizer normalizer) {
        return new TokenizerDefinition(
                vocabulary.file(),
                () -> NativeEncoder.of(
                        new SentencePieceDefinition(vocabulary).encodingJson().write(), vocabulary.file()),
                normalizer.keeping(vocabulary.userDefinedTexts()),
                vocabulary.table(PieceForm.SENTENCE_PIECE, normalizer.borderSpace()),
                vocabulary.frame(),
                vocabulary.endIds());
    }

    private void sort(int id, VocabularyPiece piece) {
        if (vocabulary.isMergeable(id)) {
            mergeable.putIfAbsent(piece.text(), id);
        } else if (vocabulary.isUserDefined(id)) {
            userDefined.putIfAbsent(SentencePieceNormalizer.escaped(piece.text()), id);
        } else if (piece.type() == PieceType.BYTE) {
            bytePieces.putIfAbsent(bytePiece(id, piece), id);
        } else if (piece.type() == PieceType.UNKNOWN && unknown == null) {
            unknown = piece;
            unknownId = id;
        }
    }

    private String bytePiece(int id, VocabularyPiece piece) {
        int value = PieceForm.byteValue(piece.text());
        if (value < 0) {
            throw new MalformedTokenizerException(
                    vocabulary.file(),
                    "the token " + id + " is of type BYTE, but is written '" + piece.text()
                            + "'; wanted is the form <0x0A>");
        }
        return PieceForm.bytePiece(value);
    }

    private EncodingJson encodingJson() {
        boolean byteFallback = bytePieces.size() == BYTES;
        if (!byteFallback && unknown == null) {
            throw new MalformedTokenizerException(
                    vocabulary.file(),
                    "it has " + bytePieces.size() + " of the " + BYTES
                            + " byte tokens and no unknown token, so there are texts that it cannot encode");
        }
        List<Merge> merges = merges();
        Map<String, Integer> entries = new LinkedHashMap<>(mergeable);
        entries.putAll(userDefined);
        entries.putAll(bytePieces);
        String unknownText = null;
        if (!byteFallback && unknown != null) {
            unknownText = unknown.text();
            entries.put(unknownText, unknownId);
        }
        return new EncodingJson(entries, merges, userDefined, List.of(), unknownText, byteFallback, false);
    }

    private record RankedMerge(float score, int id, int leftId, Merge merge) {
        static final Comparator<RankedMerge> PRIORITY = Comparator.comparingDouble(RankedMerge::score)
                .reversed()
                .thenComparingInt(RankedMerge::id)
                .thenComparingInt(RankedMerge::leftId);
    }

    private List<Merge> merges() {
        List<RankedMerge> ranked = new ArrayList<>(4 * mergeable.size());
        mergeable.forEach((text, id) -> addSplits(text, id, ranked));
        ranked.sort(RankedMerge.PRIORITY);
        return ranked.stream().map(RankedMerge::merge).toList();
    }

    private void addSplits(String text, int id, List<RankedMerge> target) {
        float score = vocabulary.pieces().get(id).score();
        for (int cut = 1; cut < text.length(); cut++) {
            if (Character.isLowSurrogate(text.charAt(cut))) {
                continue;
            }
            String left = text.substring(0, cut);
            String right = text.substring(cut);
            Integer leftId = mergeable.get(left);
            if (leftId != null && mergeable.containsKey(right)) {
                target.add(new RankedMerge(score, id, leftId, new Merge(left, right)));
            }
        }
    }
}
