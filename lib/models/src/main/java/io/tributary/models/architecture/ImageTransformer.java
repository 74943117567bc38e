package io.tributary.models.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.checkpoints.HuggingFaceCheckpoint;

/**
 * A transformer over the patches of an image (ViT, Dosovitskiy et al. 2021): a class token and the patches in rows.
 *
 * @param imageSize side of the square image, a multiple of the patches'
 * @param patchSize side of the square patches
 * @param channels of the image
 * @param layers what works on the class token and the patches
 */
public record ImageTransformer(int imageSize, int patchSize, int channels, EncoderArchitecture layers) {
    private static final int MAXIMAL_SIDE = 4096;
    private static final int MAXIMAL_CHANNELS = 64;

    /**
     * Reads the config.json of a ViTModel or ViTForImageClassification.
     *
     * @throws ArchitectureException when a field has a value that no model can have, or asks for what is not computed
     */
    public static ImageTransformer readVit(HuggingFaceCheckpoint checkpoint) {
        JsonFields fields = new JsonFields("", checkpoint.configuration());
        if (!fields.flag("qkv_bias", true)) {
            throw new UnsupportedArchitectureException("qkv_bias false", "projections with biases");
        }
        return read(fields, EncoderDefaults.VIT, 16);
    }

    /** Reads the part vision_config of a configuration, as CLIP and LLaVA have it. */
    public static ImageTransformer readClip(JsonNode visionConfiguration) {
        return read(new JsonFields("vision_config.", visionConfiguration), EncoderDefaults.CLIP_VISION, 32);
    }

    /** Patches of an image. */
    public int patches() {
        return imageSize / patchSize * (imageSize / patchSize);
    }

    /** Rows of an image: the class token and the patches. */
    public int positions() {
        return 1 + patches();
    }

    private static ImageTransformer read(JsonFields fields, EncoderDefaults defaults, int usualPatch) {
        int imageSize = fields.optionalInteger("image_size", 1, MAXIMAL_SIDE).orElse(224);
        int patchSize = fields.optionalInteger("patch_size", 1, imageSize).orElse(usualPatch);
        if (imageSize % patchSize != 0) {
            throw new InvalidArchitectureException(
                    fields.prefix() + "patch_size",
                    Integer.toString(patchSize),
                    "a divisor of image_size, " + imageSize);
        }
        int channels =
                fields.optionalInteger("num_channels", 1, MAXIMAL_CHANNELS).orElse(3);
        return new ImageTransformer(
                imageSize, patchSize, channels, defaults.read(fields, EncoderArchitecture.Mask.NONE));
    }
}
