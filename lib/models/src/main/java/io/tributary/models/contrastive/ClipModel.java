package io.tributary.models.contrastive;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.EncoderStack;
import io.tributary.models.architecture.ClipArchitecture;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.vision.ImageEncoder;
import io.tributary.models.vision.ImageFeatures;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * CLIP (Radford et al. 2021): images and texts become unit vectors of one space. An embedding has the same bits whatever else
 * is embedded with it and however many threads compute. One thread at a time may use a model; the checkpoint must stay open
 * for as long.
 */
public final class ClipModel implements AutoCloseable {
    private final ClipArchitecture architecture;
    private final WorkPool pool;
    private final Arena arena = Arena.ofShared();
    private final TextWindow window;
    private final ContrastiveScores scores;
    private final ImageEncoder images;
    private final TextTower texts;
    private final Projection imageProjection;
    private final Projection textProjection;
    private final FloatMatrix imageFeature;
    private final FloatMatrix textFeatures;
    private final FloatMatrix embeddings;

    private ClipModel(HuggingFaceCheckpoint checkpoint, WorkPool pool, EncoderLimits limits) {
        this.architecture = ClipArchitecture.read(checkpoint);
        this.pool = pool;
        this.window = new TextWindow(architecture.positions(), architecture.endOfText());
        ClipNaming naming = ClipNaming.of(checkpoint);
        int maximalImages = Math.clamp(limits.rows() / architecture.vision().positions(), 1, limits.sequences());
        this.images = ImageEncoder.load(checkpoint, architecture.vision(), naming.images(), pool, maximalImages);
        try {
            WeightLoader loader =
                    new WeightLoader(checkpoint, arena, PackingCache.off().open(checkpoint, "texts", arena, pool));
            EncoderLimits textLimits =
                    new EncoderLimits(Math.max(limits.rows(), architecture.positions()), limits.sequences());
            texts = new TextTower(architecture, naming, loader, arena, pool, textLimits);
            int imageWidth = architecture.vision().layers().width();
            int textWidth = architecture.text().width();
            imageProjection = projection(loader, naming.imageProjection(), naming.transposed(), imageWidth);
            textProjection = projection(loader, naming.textProjection(), naming.transposed(), textWidth);
            scores = ContrastiveScores.ofLogarithm(loader.floats("logit_scale").get(ValueLayout.JAVA_FLOAT, 0));
            imageFeature = FloatMatrix.allocate(arena, 1, imageWidth);
            textFeatures = FloatMatrix.allocate(arena, limits.sequences(), textWidth);
            embeddings = FloatMatrix.allocate(arena, limits.sequences(), architecture.projectionWidth());
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /** As {@link #load(HuggingFaceCheckpoint, WorkPool, EncoderLimits)} with the usual limits. */
    public static ClipModel load(HuggingFaceCheckpoint checkpoint, WorkPool pool) {
        return load(checkpoint, pool, EncoderLimits.DEFAULT);
    }

    /**
     * Loads both towers, under the names of the transformers library or of OpenAI and open_clip.
     *
     * @param pool computes
     * @param limits what is computed at once; longer lists are cut
     * @throws io.tributary.models.architecture.ArchitectureException if config.json is of no CLIP that is computed
     * @throws io.tributary.checkpoints.CheckpointException if a tensor is missing or can't be read
     * @throws io.tributary.models.weights.WeightException if a tensor's shape, type or content does not do
     */
    public static ClipModel load(HuggingFaceCheckpoint checkpoint, WorkPool pool, EncoderLimits limits) {
        return new ClipModel(checkpoint, pool, limits);
    }

    private Projection projection(WeightLoader loader, String name, boolean transposed, int width) {
        return transposed
                ? loader.transposedProjection(name, architecture.projectionWidth(), width)
                : loader.projection(
                        name.substring(0, name.lastIndexOf('.')), architecture.projectionWidth(), width, false);
    }

    /** What the model reads, and how wide its embeddings are. */
    public ClipArchitecture architecture() {
        return architecture;
    }

    /** How embeddings of this model are compared. */
    public ContrastiveScores scores() {
        return scores;
    }

    /** The tower of images, for features of patches and hidden states. */
    public ImageEncoder images() {
        return images;
    }

    /**
     * Embeds images.
     *
     * @param pixelValues of each image, [3, size, size] row-major, prepared as preprocessor_config.json asks for
     * @return a unit vector [embedding] for each, in order
     * @throws io.tributary.models.NonFiniteEncodingException if NaN or infinity comes of an image
     * @throws IllegalArgumentException if an image is of another size
     */
    public List<float[]> embedImages(List<float[]> pixelValues) {
        List<float[]> result = new ArrayList<>();
        for (ImageFeatures image : images.encode(pixelValues, false)) {
            result.add(embed(image.pooled()));
        }
        return result;
    }

    private float[] embed(float[] pooled) {
        MemorySegment.copy(pooled, 0, imageFeature.data(), ValueLayout.JAVA_FLOAT, 0, pooled.length);
        FloatMatrix output = embeddings.rows(0, 1);
        imageProjection.apply(imageFeature, output, pool);
        return unit(output.row(0));
    }

    /**
     * Embeds texts.
     *
     * @param ids of the tokens of each text with its beginning and its end; padding may follow
     * @param truncate whether texts that are too long are cut, the last position becoming their end
     * @return a unit vector [embedding] for each, in order
     * @throws TextTooLongException if a text is too long and must not be cut
     * @throws IllegalArgumentException if an id is not of the vocabulary, or a text has none
     */
    public List<float[]> embedTexts(List<int[]> ids, boolean truncate) {
        return embedTexts(ids, truncate, (layers, hidden) -> {});
    }

    /** As {@link #embedTexts(List, boolean)}, showing the hidden states of each batch. */
    List<float[]> embedTexts(List<int[]> ids, boolean truncate, EncoderStack.LayerObserver observer) {
        List<int[]> fitted =
                ids.stream().map(text -> window.fit(text, truncate)).toList();
        List<float[]> result = new ArrayList<>();
        int first = 0;
        while (first < fitted.size()) {
            int count = texts.fitting(fitted, first);
            FloatMatrix input = textFeatures.rows(0, count);
            FloatMatrix output = embeddings.rows(0, count);
            texts.encode(fitted.subList(first, first + count), observer, input);
            textProjection.apply(input, output, pool);
            for (int text = 0; text < count; text++) {
                result.add(unit(output.row(text)));
            }
            first += count;
        }
        return result;
    }

    private static float[] unit(MemorySegment row) {
        float[] embedding = row.toArray(ValueLayout.JAVA_FLOAT);
        double squares = 0;
        for (float element : embedding) {
            squares += (double) element * element;
        }
        double length = Math.sqrt(squares);
        for (int index = 0; index < embedding.length; index++) {
            embedding[index] = (float) (embedding[index] / length);
        }
        return embedding;
    }

    @Override
    public void close() {
        images.close();
        arena.close();
    }
}
