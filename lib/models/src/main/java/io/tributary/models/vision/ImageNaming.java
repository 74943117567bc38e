package io.tributary.models.vision;

import io.tributary.models.weights.EncoderNaming;
import java.util.Optional;

/**
 * How a checkpoint calls the tensors of a transformer over patches.
 *
 * @param kernel of the patches' convolution
 * @param kernelBias its bias, if it has one
 * @param classEmbedding what the class token begins as
 * @param positions the table of learned positions
 * @param batched whether the class token and the positions have a first extent of 1 for a batch
 * @param normBefore the norm before the layers, if there is one
 * @param normAfter the norm behind them
 * @param layers the tensors of the layers
 */
public record ImageNaming(
        String kernel,
        Optional<String> kernelBias,
        String classEmbedding,
        String positions,
        boolean batched,
        Optional<String> normBefore,
        String normAfter,
        EncoderNaming layers) {

    /**
     * CLIP's tower of images in the transformers library, whose name for the first norm is misspelt.
     *
     * @param model in front of all names: empty, or {@code vision_tower.} in LLaVA
     */
    public static ImageNaming clip(String model) {
        String tower = model + "vision_model.";
        return new ImageNaming(
                tower + "embeddings.patch_embedding.weight",
                Optional.empty(),
                tower + "embeddings.class_embedding",
                tower + "embeddings.position_embedding.weight",
                false,
                Optional.of(tower + "pre_layrnorm"),
                tower + "post_layernorm",
                EncoderNaming.clip(tower));
    }

    /** OpenAI's CLIP and open_clip. */
    public static ImageNaming openAi() {
        return new ImageNaming(
                "visual.conv1.weight",
                Optional.empty(),
                "visual.class_embedding",
                "visual.positional_embedding",
                false,
                Optional.of("visual.ln_pre"),
                "visual.ln_post",
                EncoderNaming.openAi("visual."));
    }

    /**
     * ViT in the transformers library.
     *
     * @param model in front of all names: {@code vit.} in models with a head, or empty
     */
    public static ImageNaming visionTransformer(String model) {
        return new ImageNaming(
                model + "embeddings.patch_embeddings.projection.weight",
                Optional.of(model + "embeddings.patch_embeddings.projection.bias"),
                model + "embeddings.cls_token",
                model + "embeddings.position_embeddings",
                true,
                Optional.empty(),
                model + "layernorm",
                EncoderNaming.visionTransformer(model));
    }
}
