package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The {@code model} of a tokenizer.json. */
sealed interface HuggingFaceModel permits HuggingFaceMerges, HuggingFaceWordPieces, HuggingFaceUnigrams {

    /**
     * The model of a tokenizer.json, which goes on living in the JSON.
     *
     * @throws UnsupportedTokenizerException if it is of another type
     */
    static HuggingFaceModel of(ObjectNode root, Path file) {
        ObjectNode model = JsonFile.object(root, "model", file);
        String type = model.path("type").asText(typeOf(model));
        return switch (type) {
            case HuggingFaceMerges.TYPE -> new HuggingFaceMerges(model, file);
            case HuggingFaceWordPieces.TYPE -> new HuggingFaceWordPieces(model, file);
            case HuggingFaceUnigrams.TYPE -> new HuggingFaceUnigrams(model, file);
            default ->
                throw new UnsupportedTokenizerException(
                        file,
                        "the model type '" + type + "' is not known; known are " + HuggingFaceMerges.TYPE + ", "
                                + HuggingFaceWordPieces.TYPE + " and " + HuggingFaceUnigrams.TYPE);
        };
    }

    /** Older files do not say the type. */
    private static String typeOf(ObjectNode model) {
        if (model.has("merges")) {
            return HuggingFaceMerges.TYPE;
        }
        if (model.path("vocab").isArray()) {
            return HuggingFaceUnigrams.TYPE;
        }
        return model.has("max_input_chars_per_word") ? HuggingFaceWordPieces.TYPE : "";
    }

    /** Text to id of all entries. */
    Map<String, Integer> ids();

    /**
     * What must be done to texts for the vocabulary to express them.
     *
     * @throws MalformedTokenizerException if it cannot express all, as far as the form of its pieces says
     */
    TextPreparation preparation(PieceForm form);

    /**
     * Gives an added token its id. The engine would give those that are not in the vocabulary ids in order, which shift
     * when special ones are taken away.
     */
    void add(String text, int id);

    /** Sees to it that no text can match one of these entries. Ids stay as they are. */
    void hide(Set<String> texts);
}
