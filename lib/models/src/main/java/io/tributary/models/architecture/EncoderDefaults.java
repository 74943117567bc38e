package io.tributary.models.architecture;

import io.tributary.kernels.Gelu;

/**
 * What the transformers library takes for the fields of a tower's configuration that are left out.
 *
 * @param hidden outputs of the feed-forward network's first projection
 */
record EncoderDefaults(int width, int hidden, int layers, int heads, double epsilon, String activation) {
    static final EncoderDefaults CLIP_VISION = new EncoderDefaults(768, 3072, 12, 12, 1e-5, "quick_gelu");
    static final EncoderDefaults CLIP_TEXT = new EncoderDefaults(512, 2048, 12, 8, 1e-5, "quick_gelu");
    static final EncoderDefaults VIT = new EncoderDefaults(768, 3072, 12, 12, 1e-12, "gelu");

    /** Layers whose halves are normalised before, with all biases. */
    EncoderArchitecture read(JsonFields fields, EncoderArchitecture.Mask mask) {
        int hiddenWidth =
                fields.optionalInteger("intermediate_size", 1, Bounds.HIDDEN).orElse(hidden);
        double stated = fields.optionalReal("layer_norm_eps").orElse(epsilon);
        float checked = (float) Bounds.above(fields.prefix() + "layer_norm_eps", stated, 1e-30, 1);
        Gelu form = BertArchitecture.gelu(fields.prefix() + "hidden_act", fields.text("hidden_act", activation));
        return new EncoderArchitecture(
                fields.optionalInteger("hidden_size", 1, Bounds.WIDTH).orElse(width),
                fields.optionalInteger("num_hidden_layers", 1, Bounds.LAYERS).orElse(layers),
                fields.optionalInteger("num_attention_heads", 1, Bounds.HEADS).orElse(heads),
                mask,
                true,
                new GeluFeedForward(hiddenWidth, form, true),
                new LayerNormalization(checked),
                EncoderArchitecture.Placement.BEFORE);
    }
}
