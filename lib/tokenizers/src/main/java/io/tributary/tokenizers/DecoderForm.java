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
 * @param dropsFirstSpace whether a text loses one space at its very start
 */
record DecoderForm(PieceForm pieces, boolean dropsFirstSpace) {
    private static final String BYTE_LEVEL = "ByteLevel";
    private static final String METASPACE = "Metaspace";
    private static final String STRIP = "Strip";
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
            return new DecoderForm(PieceForm.BYTE_LEVEL, false);
        }
        if (types.equals(Set.of(METASPACE))) {
            return new DecoderForm(PieceForm.SENTENCE_PIECE, metaspaceDropsFirstSpace(steps.getFirst()));
        }
        boolean escapesSpaces = steps.stream().anyMatch(DecoderForm::unescapesSpaces);
        if (escapesSpaces && SENTENCE_PIECE_STEPS.containsAll(types)) {
            return new DecoderForm(PieceForm.SENTENCE_PIECE, stripsFirstSpace(steps, file));
        }
        throw new UnsupportedTokenizerException(
                file,
                "the decoder " + root.path("decoder")
                        + " is not supported yet; supported are ByteLevel, Metaspace, and a"
                        + " sequence of Replace (U+2581 by a space), ByteFallback, Fuse and Strip");
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
