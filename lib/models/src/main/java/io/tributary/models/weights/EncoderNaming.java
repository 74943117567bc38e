package io.tributary.models.weights;

/**
 * How a family of models calls the tensors of its encoder's layers: {@code <prefix><layer>.<stem>.weight} and {@code .bias}.
 *
 * @param prefix in front of the number of the layer
 * @param attentionNorm normalises before or after attention
 * @param networkNorm normalises before or after the network
 */
public record EncoderNaming(
        String prefix,
        String query,
        String key,
        String value,
        String attentionOutput,
        String attentionNorm,
        String up,
        String down,
        String networkNorm) {

    /**
     * The names of BERT.
     *
     * @param model in front of all names: empty, or {@code bert.} in models with a head
     */
    public static EncoderNaming bert(String model) {
        return new EncoderNaming(
                model + "encoder.layer.",
                "attention.self.query",
                "attention.self.key",
                "attention.self.value",
                "attention.output.dense",
                "attention.output.LayerNorm",
                "intermediate.dense",
                "output.dense",
                "output.LayerNorm");
    }

    /**
     * The names of CLIP's towers in transformers.
     *
     * @param tower in front of all names, for example {@code vision_model.}
     */
    public static EncoderNaming clip(String tower) {
        return new EncoderNaming(
                tower + "encoder.layers.",
                "self_attn.q_proj",
                "self_attn.k_proj",
                "self_attn.v_proj",
                "self_attn.out_proj",
                "layer_norm1",
                "mlp.fc1",
                "mlp.fc2",
                "layer_norm2");
    }

    /**
     * The names of HuBERT and wav2vec 2.0 in transformers.
     *
     * @param model in front of all names: empty, or {@code hubert.} in models with a head
     */
    public static EncoderNaming hubert(String model) {
        return new EncoderNaming(
                model + "encoder.layers.",
                "attention.q_proj",
                "attention.k_proj",
                "attention.v_proj",
                "attention.out_proj",
                "layer_norm",
                "feed_forward.intermediate_dense",
                "feed_forward.output_dense",
                "final_layer_norm");
    }

    /** The names of a vision transformer in transformers, with {@code vit.} or nothing in front. */
    public static EncoderNaming visionTransformer(String model) {
        return new EncoderNaming(
                model + "encoder.layer.",
                "attention.attention.query",
                "attention.attention.key",
                "attention.attention.value",
                "attention.output.dense",
                "layernorm_before",
                "intermediate.dense",
                "output.dense",
                "layernorm_after");
    }

    /** The name of a layer's module, to which {@code .weight} or {@code .bias} belongs. */
    public String stem(int layer, String module) {
        return prefix + layer + "." + module;
    }
}
