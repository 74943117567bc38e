package io.tributary.models.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.checkpoints.OnnxCheckpoint;
import io.tributary.kernels.Gelu;
import io.tributary.models.architecture.EncoderArchitecture.Mask;
import io.tributary.models.architecture.EncoderArchitecture.Placement;

/**
 * BERT as data (Devlin et al., 2018): embeddings of words, positions and segments, normalised, and an encoder over them. MiniLM,
 * BGE, E5 and others have this form.
 *
 * @param vocabularySize number of token ids
 * @param positions that a sequence may have at most
 * @param segments rows of the embeddings of token types, of which the first two are used
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
     * Reads the configuration of a {@code BertModel}, or of a model with a head over one; of an ONNX file, the graph.
     *
     * @throws UnsupportedArchitectureException if the model is another one, or needs what is not computed
     * @throws InvalidArchitectureException if a field has a value that no model can have
     */
    public static BertArchitecture read(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case HuggingFaceCheckpoint directory -> read(directory);
            case OnnxCheckpoint file -> new BertGraph(file).read();
            case GgufCheckpoint file ->
                throw new UnsupportedArchitectureException(
                        "a text encoder in the GGUF file " + file.name(), "text encoders in safetensors or ONNX");
        };
    }

    private static BertArchitecture read(HuggingFaceCheckpoint checkpoint) {
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
        return of(
                new Embeddings(
                        fields.integer("vocab_size", 1, Bounds.VOCABULARY),
                        fields.integer("max_position_embeddings", 1, Bounds.POSITIONS),
                        fields.optionalInteger("type_vocab_size", 1, Bounds.VOCABULARY)
                                .orElse(2),
                        fields.integer("hidden_size", 1, Bounds.WIDTH)),
                fields.integer("num_hidden_layers", 1, Bounds.LAYERS),
                fields.integer("num_attention_heads", 1, Bounds.HEADS),
                new GeluFeedForward(
                        fields.integer("intermediate_size", 1, Bounds.HIDDEN),
                        gelu("hidden_act", fields.text("hidden_act", "gelu")),
                        true),
                normalization);
    }

    /** The extents of the three tables of embeddings. */
    record Embeddings(int vocabulary, int positions, int segments, int width) {}

    static BertArchitecture of(
            Embeddings embeddings, int layers, int heads, GeluFeedForward network, LayerNormalization normalization) {
        EncoderArchitecture encoder = new EncoderArchitecture(
                embeddings.width(), layers, heads, Mask.NONE, true, network, normalization, Placement.AFTER);
        return new BertArchitecture(
                embeddings.vocabulary(), embeddings.positions(), embeddings.segments(), normalization, encoder);
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
