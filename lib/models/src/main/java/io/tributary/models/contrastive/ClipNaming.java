package io.tributary.models.contrastive;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.models.vision.ImageNaming;
import io.tributary.models.weights.EncoderNaming;

/**
 * How a checkpoint calls the tensors of CLIP.
 *
 * @param images those of the tower of images
 * @param tokens the module of the token embedding
 * @param positions the table of a text's positions
 * @param textLayers those of the layers of the tower of texts
 * @param textNorm the norm behind them
 * @param imageProjection to the common space
 * @param textProjection to the common space
 * @param transposed whether the projections are stored as [width, embedding]
 */
record ClipNaming(
        ImageNaming images,
        String tokens,
        String positions,
        EncoderNaming textLayers,
        String textNorm,
        String imageProjection,
        String textProjection,
        boolean transposed) {
    private static final ClipNaming HUGGING_FACE = new ClipNaming(
            ImageNaming.clip(""),
            "text_model.embeddings.token_embedding",
            "text_model.embeddings.position_embedding.weight",
            EncoderNaming.clip("text_model."),
            "text_model.final_layer_norm",
            "visual_projection.weight",
            "text_projection.weight",
            false);
    private static final ClipNaming OPEN_AI = new ClipNaming(
            ImageNaming.openAi(),
            "token_embedding",
            "positional_embedding",
            EncoderNaming.openAi(""),
            "ln_final",
            "visual.proj",
            "text_projection",
            true);

    /** That of the checkpoint's tensors: the transformers library's, or OpenAI's, which open_clip has too. */
    static ClipNaming of(Checkpoint checkpoint) {
        return checkpoint.tensor("visual.conv1.weight").isPresent() ? OPEN_AI : HUGGING_FACE;
    }
}
