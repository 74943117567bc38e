package io.tributary.models.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.Gelu;
import io.tributary.models.architecture.EncoderArchitecture.Mask;
import io.tributary.models.architecture.EncoderArchitecture.Placement;

/**
 * BERT as data (Devlin et al., 2018): embeddings of words, positions and segments, normalised, and an encoder over them. MiniLM,
 * BGE, E5 and others have this form.
 *
 * @param vocabularySize number of token ids
 * @param positions that a sequence may have at most
 * @param segments rows of the table of token types; only the first one is used
 * @param normalization of the sum of the embeddings, and in the layers
 * @param encoder the layers
 */
public record BertArchitecture(
        int vocabularySize,
        int positions,
        int segments,
        LayerNormalization normalization,
        EncoderArchitecture encoder) {

    /**
     * Reads the configuration of a {@code BertModel}, or of a model with a head over one.
     *
     * @throws UnsupportedArchitectureException if the model is another one, or needs what is not computed
     * @throws InvalidArchitectureException if a field has a value that no model can have
     */
    public static BertArchitecture read(HuggingFaceCheckpoint checkpoint) {
        JsonFields fields = new JsonFields("", checkpoint.configuration());
        if (!isBert(checkpoint.configuration())) {
            throw new UnsupportedArchitectureException(
                    "the model type " + fields.text("model_type", "(missing)"), "text encoders of the type bert");
        }
        String position = fields.text("position_embedding_type", "absolute");
        if (!position.equals("absolute")) {
            throw new UnsupportedArchitectureException("position_embedding_type " + position, "absolute");
        }
        double stated = fields.optionalReal("layer_norm_eps").orElse(1e-12);
        LayerNormalization normalization =
                new LayerNormalization((float) Bounds.above("layer_norm_eps", stated, 1e-30, 1));
        GeluFeedForward network = new GeluFeedForward(
                fields.integer("intermediate_size", 1, Bounds.HIDDEN),
                gelu("hidden_act", fields.text("hidden_act", "gelu")),
                true);
        EncoderArchitecture encoder = new EncoderArchitecture(
                fields.integer("hidden_size", 1, Bounds.WIDTH),
                fields.integer("num_hidden_layers", 1, Bounds.LAYERS),
                fields.integer("num_attention_heads", 1, Bounds.HEADS),
                Mask.NONE,
                true,
                network,
                normalization,
                Placement.AFTER);
        return new BertArchitecture(
                fields.integer("vocab_size", 1, Bounds.VOCABULARY),
                fields.integer("max_position_embeddings", 1, Bounds.POSITIONS),
                fields.optionalInteger("type_vocab_size", 1, Bounds.VOCABULARY).orElse(2),
                normalization,
                encoder);
    }

    /** Whether a config.json is of this family. */
    public static boolean isBert(JsonNode configuration) {
        return configuration.path("model_type").asText().equals("bert");
    }

    /** The activation that transformers calls so. */
    static Gelu gelu(String field, String name) {
        return switch (name) {
            case "gelu" -> Gelu.EXACT;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Gelu.TANH;
            case "quick_gelu" -> Gelu.QUICK;
            default ->
                throw new UnsupportedArchitectureException(
                        field + " " + name, "gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, quick_gelu");
        };
    }
}
