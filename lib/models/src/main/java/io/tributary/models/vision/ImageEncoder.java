package io.tributary.models.vision;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.LayerNorm;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.EncoderStack;
import io.tributary.models.architecture.ImageTransformer;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.weights.NormWeights;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A transformer over the patches of images (ViT, Dosovitskiy et al. 2021; CLIP, Radford et al. 2021). What comes of an image
 * has the same bits whatever others are encoded with it and however many threads compute. One thread at a time may use it.
 */
public final class ImageEncoder implements AutoCloseable {
    private final ImageTransformer architecture;
    private final WorkPool pool;
    private final Arena arena = Arena.ofShared();
    private final int maximalImages;
    private final PatchEmbedding embedding;
    private final Optional<NormWeights> normBefore;
    private final NormWeights normAfter;
    private final EncoderStack stack;
    private final FloatMatrix classTokens;

    private ImageEncoder(
            Checkpoint checkpoint,
            ImageTransformer architecture,
            ImageNaming naming,
            WorkPool pool,
            int maximalImages) {
        this.architecture = architecture;
        this.pool = pool;
        this.maximalImages = maximalImages;
        try {
            int width = architecture.layers().width();
            WeightLoader loader =
                    new WeightLoader(checkpoint, arena, PackingCache.off().open(checkpoint, "images", arena, pool));
            embedding = new PatchEmbedding(architecture, naming, loader, arena, pool, maximalImages);
            normBefore = naming.normBefore().map(module -> loader.norm(module, width));
            normAfter = loader.norm(naming.normAfter(), width);
            EncoderLimits limits = new EncoderLimits(maximalImages * architecture.positions(), maximalImages);
            stack = new EncoderStack(architecture.layers(), naming.layers(), loader, arena, pool, limits);
            classTokens = FloatMatrix.allocate(arena, maximalImages, width);
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    /**
     * Loads an encoder.
     *
     * @param naming of its tensors
     * @param pool computes
     * @param maximalImages that are computed at once; it takes memory for so many
     * @throws io.tributary.checkpoints.CheckpointException if a tensor is missing or can't be read
     * @throws io.tributary.models.weights.WeightException if a tensor's shape, type or content does not do
     */
    public static ImageEncoder load(
            Checkpoint checkpoint,
            ImageTransformer architecture,
            ImageNaming naming,
            WorkPool pool,
            int maximalImages) {
        if (maximalImages < 1) {
            throw new IllegalArgumentException("an encoder for " + maximalImages + " images can compute nothing");
        }
        return new ImageEncoder(checkpoint, architecture, naming, pool, maximalImages);
    }

    /** Loads a ViTModel, or what a ViTForImageClassification has below its head. */
    public static ImageEncoder loadVit(HuggingFaceCheckpoint checkpoint, WorkPool pool, int maximalImages) {
        boolean bare = checkpoint.tensor("embeddings.cls_token").isPresent();
        ImageNaming naming = ImageNaming.visionTransformer(bare ? "" : "vit.");
        return load(checkpoint, ImageTransformer.readVit(checkpoint), naming, pool, maximalImages);
    }

    /** What images it reads, and how wide its features are. */
    public ImageTransformer architecture() {
        return architecture;
    }

    /**
     * Encodes images.
     *
     * @param images pixel values of each, [channels, size, size] row-major, prepared as the model asks for
     * @param hiddenStates whether the hidden states of all layers are wanted
     * @return one for each image, in order
     * @throws io.tributary.models.NonFiniteEncodingException if NaN or infinity comes of an image
     * @throws IllegalArgumentException if an image is of another size
     */
    public List<ImageFeatures> encode(List<float[]> images, boolean hiddenStates) {
        List<ImageFeatures> features = new ArrayList<>();
        for (int first = 0; first < images.size(); first += maximalImages) {
            List<float[]> batch = images.subList(first, Math.min(images.size(), first + maximalImages));
            features.addAll(encodeBatch(batch, hiddenStates));
        }
        return features;
    }

    private List<ImageFeatures> encodeBatch(List<float[]> images, boolean wanted) {
        FloatMatrix rows = stack.rows(images.size() * architecture.positions());
        embedding.embed(images, rows);
        normBefore.ifPresent(norm -> normalize(norm, rows));
        List<float[]> states = new ArrayList<>();
        int[] lengths = new int[images.size()];
        Arrays.fill(lengths, architecture.positions());
        stack.run(lengths, (layers, hidden) -> {
            if (wanted) {
                states.add(hidden.data().toArray(ValueLayout.JAVA_FLOAT));
            }
        });
        return features(images.size(), rows, states);
    }

    private List<ImageFeatures> features(int images, FloatMatrix rows, List<float[]> states) {
        FloatMatrix pooled = classTokens.rows(0, images);
        for (int image = 0; image < images; image++) {
            pooled.row(image).copyFrom(rows.row(image * architecture.positions()));
        }
        normalize(normAfter, pooled);
        int length = architecture.positions() * rows.columns();
        List<ImageFeatures> features = new ArrayList<>();
        for (int index = 0; index < images; index++) {
            int image = index;
            MemorySegment classToken = pooled.row(image);
            features.add(new ImageFeatures(
                    classToken.toArray(ValueLayout.JAVA_FLOAT),
                    states.stream()
                            .map(state -> Arrays.copyOfRange(state, image * length, (image + 1) * length))
                            .toList()));
        }
        return features;
    }

    private void normalize(NormWeights norm, FloatMatrix rows) {
        float epsilon = architecture.layers().normalization().epsilon();
        LayerNorm.apply(rows, norm.weight(), norm.requireBias(), epsilon, rows, pool);
    }

    @Override
    public void close() {
        arena.close();
    }
}
