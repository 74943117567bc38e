package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the {@code decoder} of a tokenizer.json says about the bytes behind the vocabulary.
 *
 * @param border what happens to a space at a border of the text
 */
record DecoderForm(PieceForm pieces, BorderSpace border) {
    private static final String BYTE_LEVEL = "ByteLevel";
    private static final String METASPACE = "Metaspace";
    private static final String STRIP = "Strip";
    private static final String WORD_PIECE = "WordPiece";
    private static final Set<String> SENTENCE_PIECE_STEPS = Set.of("Replace", "ByteFallback", "Fuse", STRIP);

    static DecoderForm of(ObjectNode root, Path file) {
        List<JsonNode> steps = steps(root.path("decoder"), "decoders");
        if (steps.isEmpty()) {
            steps = steps(root.path("pre_tokenizer"), "pretokenizers").stream()
                    .filter(step -> type(step).equals(BYTE_LEVEL))
                    .toList();
        }
        Set<String> types = steps.stream().map(DecoderForm::type).collect(Collectors.toSet());
        if (types.equals(Set.of(BYTE_LEVEL))) {
            return HuggingFaceMerges.wordEnd(root).equals(PieceForm.WORD_END)
                    ? new DecoderForm(PieceForm.BYTE_LEVEL_WORD_END, BorderSpace.LAST_DROPPED)
                    : new DecoderForm(PieceForm.BYTE_LEVEL, BorderSpace.KEPT);
        }
        if (types.equals(Set.of(METASPACE))) {
            return sentencePiece(metaspaceDropsFirstSpace(steps.getFirst()));
        }
        if (types.equals(Set.of(WORD_PIECE))
                && steps.getFirst()
                        .path("prefix")
                        .asText(PieceForm.CONTINUATION)
                        .equals(PieceForm.CONTINUATION)) {
            boolean isCleaned = steps.getFirst().path("cleanup").asBoolean(true);
            return new DecoderForm(
                    isCleaned ? PieceForm.WORD_PIECE_CLEANED : PieceForm.WORD_PIECE, BorderSpace.FIRST_DROPPED);
        }
        boolean escapesSpaces = steps.stream().anyMatch(DecoderForm::unescapesSpaces);
        if (escapesSpaces && SENTENCE_PIECE_STEPS.containsAll(types)) {
            return sentencePiece(stripsFirstSpace(steps, file));
        }
        throw new UnsupportedTokenizerException(
                file,
                "the decoder " + root.path("decoder")
                        + " is not known; known are ByteLevel, Metaspace, WordPiece (with ##), and a"
                        + " sequence of Replace (U+2581 by a space), ByteFallback, Fuse and Strip");
    }

    private static DecoderForm sentencePiece(boolean dropsFirstSpace) {
        return new DecoderForm(
                PieceForm.SENTENCE_PIECE, dropsFirstSpace ? BorderSpace.FIRST_DROPPED : BorderSpace.KEPT);
    }

    private static List<JsonNode> steps(JsonNode node, String key) {
        List<JsonNode> steps = new ArrayList<>();
        if (type(node).equals("Sequence")) {
            node.path(key).forEach(steps::add);
        } else if (node.isObject()) {
            steps.add(node);
        }
        return steps;
    }

    private static String type(JsonNode step) {
        return step.path("type").asText();
    }

    private static boolean unescapesSpaces(JsonNode step) {
        return type(step).equals("Replace")
                && step.path("pattern").path("String").asText().equals(String.valueOf(PieceForm.ESCAPED_SPACE))
                && step.path("content").asText().equals(" ");
    }

    private static boolean metaspaceDropsFirstSpace(JsonNode step) {
        return step.has("prepend_scheme")
                ? !step.path("prepend_scheme").asText().equals("never")
                : step.path("add_prefix_space").asBoolean(true);
    }

    private static boolean stripsFirstSpace(List<JsonNode> steps, Path file) {
        boolean strips = false;
        for (JsonNode step : steps) {
            if (type(step).equals(STRIP)) {
                int start = step.path("start").asInt();
                if (!step.path("content").asText().equals(" ")
                        || start > 1
                        || step.path("stop").asInt() != 0) {
                    throw new UnsupportedTokenizerException(
                            file,
                            "the decoder's step " + step
                                    + " is not supported yet; supported is one space at the start");
                }
                strips |= start == 1;
            }
        }
        return strips;
    }
}
