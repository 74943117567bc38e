package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Byte-pair encoding: entries and the merges that build them. */
final class HuggingFaceMerges implements HuggingFaceModel {
    static final String TYPE = "BPE";

    private static final String UNKNOWN = "unk_token";

    private final Path file;
    private final ObjectNode model;
    private final ObjectNode vocabulary;
    private final Map<String, Integer> ids;

    HuggingFaceMerges(ObjectNode model, Path file) {
        this.file = file;
        this.model = model;
        vocabulary = JsonFile.object(model, "vocab", file);
        ids = JsonFile.ids(vocabulary, file);
        model.putNull("dropout");
    }

    /** The suffix of entries that end a word, as CLIP has it; empty when there is none. */
    static String wordEnd(ObjectNode root) {
        return root.path("model").path("end_of_word_suffix").asText("");
    }

    @Override
    public Map<String, Integer> ids() {
        return ids;
    }

    /** A byte-level vocabulary needs no token for the unknown, which texts could match, once it has all bytes. */
    @Override
    public TextPreparation preparation(PieceForm form) {
        if (!form.isByteLevel()) {
            return TextPreparation.NONE;
        }
        String wordEnd = form == PieceForm.BYTE_LEVEL_WORD_END ? PieceForm.WORD_END : "";
        try {
            TextPreparation preparation = UnassignedPlanes.replacing(ids.keySet(), wordEnd, file);
            model.putNull(UNKNOWN);
            return preparation;
        } catch (MalformedTokenizerException missing) {
            if (model.path(UNKNOWN).isTextual()) {
                return TextPreparation.NONE;
            }
            throw missing;
        }
    }

    @Override
    public void add(String text, int id) {
        vocabulary.put(text, id);
    }

    @Override
    public void hide(Set<String> texts) {
        String unknown = model.path(UNKNOWN).asText("");
        texts.stream().filter(text -> !text.equals(unknown)).forEach(vocabulary::remove);
        if (model.get("merges") instanceof ArrayNode merges) {
            merges.removeIf(merge -> makesOrUses(texts, merge));
        }
    }

    /** A merge is written as two texts with one space between them, or as an array of the two. */
    private static boolean makesOrUses(Set<String> texts, JsonNode merge) {
        String left;
        String right;
        if (merge.isArray()) {
            left = merge.path(0).asText();
            right = merge.path(1).asText();
        } else {
            String written = merge.asText();
            int space = written.indexOf(' ', 1);
            left = space < 0 ? written : written.substring(0, space);
            right = space < 0 ? "" : written.substring(space + 1);
        }
        return texts.contains(left) || texts.contains(right) || texts.contains(left + right);
    }
}
