package io.tributary.models.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.checkpoints.HuggingFaceCheckpoint;

/**
 * CLIP (Radford et al. 2021): a tower for images and one for texts, whose outputs are projected to one space.
 *
 * @param vision tower of images
 * @param text layers of the tower of texts, whose attention is causal
 * @param vocabularySize of the texts
 * @param positions that a text has at most
 * @param endOfText the id whose feature stands for a text; 2 in older configurations, which mean the highest id of a text
 * @param projectionWidth elements of an embedding
 */
public record ClipArchitecture(
        ImageTransformer vision,
        EncoderArchitecture text,
        int vocabularySize,
        int positions,
        int endOfText,
        int projectionWidth) {

    /**
     * Reads the config.json of a CLIPModel; fields and their defaults are those of transformers 4.57.
     *
     * @throws ArchitectureException when a field has a value that no model can have, or asks for what is not computed
     */
    public static ClipArchitecture read(HuggingFaceCheckpoint checkpoint) {
        JsonNode configuration = checkpoint.configuration();
        JsonFields fields = new JsonFields("", configuration);
        JsonFields text = new JsonFields("text_config.", part(configuration, "text_config"));
        int vocabulary =
                text.optionalInteger("vocab_size", 1, Bounds.VOCABULARY).orElse(49_408);
        return new ClipArchitecture(
                ImageTransformer.readClip(part(configuration, "vision_config")),
                EncoderDefaults.CLIP_TEXT.read(text, EncoderArchitecture.Mask.CAUSAL),
                vocabulary,
                text.optionalInteger("max_position_embeddings", 1, Bounds.POSITIONS)
                        .orElse(77),
                text.optionalInteger("eos_token_id", 0, vocabulary - 1).orElse(49_407),
                fields.optionalInteger("projection_dim", 1, Bounds.WIDTH).orElse(512));
    }

    /** Older files have the fields that count in an object with {@code _dict} behind its name. */
    private static JsonNode part(JsonNode configuration, String name) {
        ObjectNode fields = configuration.path(name) instanceof ObjectNode part
                ? part.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        if (configuration.path(name + "_dict") instanceof ObjectNode newer) {
            fields.setAll(newer);
        }
        return fields;
    }
}
