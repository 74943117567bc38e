package io.tributary.models.speech;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.Conv1d;
import io.tributary.kernels.Elementwise;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.LayerNorm;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.EncoderStack;
import io.tributary.models.EncoderStack.LayerObserver;
import io.tributary.models.architecture.EncoderArchitecture.Placement;
import io.tributary.models.architecture.SpeechArchitecture;
import io.tributary.models.architecture.UnsupportedArchitectureException;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.packing.StagePacking;
import io.tributary.models.weights.EncoderNaming;
import io.tributary.models.weights.NormWeights;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.WeightLoader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A HuBERT or wav2vec 2.0 that turns speech into a hidden state for every 20 ms. Attention is over all of an utterance, so that
 * its frames depend on all of its samples. The bits do not depend on the threads. One thread at a time may use it; the checkpoint
 * must stay open for as long.
 */
public final class SpeechEncoder implements AutoCloseable {
    /** Samples a second that models of this family read. */
    public static final int SAMPLE_RATE = 16_000;

    private static final double VARIANCE_EPSILON = 1e-7;
    private static final long MAXIMAL_PREPROCESSOR_BYTES = 1 << 20;

    private final SpeechArchitecture architecture;
    private final WorkPool pool;
    private final Arena arena = Arena.ofShared();
    private final StagePacking packing;
    private final FeatureExtractor extractor;
    private final @Nullable NormWeights projectionNorm;
    private final Projection projection;
    private final Conv1d position;
    private final MemorySegment positionBias;
    private final NormWeights norm;
    private final EncoderStack stack;
    private final @Nullable Projection head;

    /**
     * Loads a model.
     *
     * @param limits the most frames of an utterance, 50 a second; memory grows with them
     * @throws io.tributary.models.architecture.ArchitectureException if the configuration is not of this family or wrong
     * @throws io.tributary.checkpoints.CheckpointException if a tensor is missing or can't be read
     * @throws io.tributary.models.weights.WeightException if a tensor's shape, type or content does not do
     */
    public SpeechEncoder(HuggingFaceCheckpoint checkpoint, WorkPool pool, EncoderLimits limits, PackingCache cache) {
        this.architecture = SpeechArchitecture.read(checkpoint, normalizesInput(checkpoint.directory()));
        this.pool = pool;
        try {
            packing = cache.open(checkpoint, "speech encoder", arena, pool);
            WeightLoader loader = new WeightLoader(checkpoint, arena, packing);
            String outer = architecture.modelType() + ".";
            String prefix = loader.has(outer + "feature_projection.projection.weight") ? outer : "";
            int width = architecture.encoder().width();
            int channels = architecture.convolutions().getLast().outputs();
            extractor = new FeatureExtractor(architecture, prefix, loader, arena, pool);
            projectionNorm = architecture.projectionNorm()
                    ? loader.norm(prefix + "feature_projection.layer_norm", channels)
                    : null;
            projection = loader.projection(prefix + "feature_projection.projection", width, channels, true);
            String positions = prefix + "encoder.pos_conv_embed.conv";
            position = Conv1d.pack(
                    architecture.position(),
                    WeightNorm.load(positions, architecture.position(), loader, arena),
                    arena,
                    pool);
            positionBias = loader.floats(positions + ".bias", width);
            norm = loader.norm(prefix + "encoder.layer_norm", width);
            stack = new EncoderStack(architecture.encoder(), EncoderNaming.hubert(prefix), loader, arena, pool, limits);
            head = architecture.labels() > 0 ? loader.projection("lm_head", architecture.labels(), width, true) : null;
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    /** What the model is. */
    public SpeechArchitecture architecture() {
        return architecture;
    }

    /** The number of frames of so many samples: each convolution leaves {@code floor((n - kernel) / stride) + 1}. */
    public int frames(int samples) {
        return architecture.frames(samples);
    }

    /** The most samples that fit within the limits. */
    public int maximalSamples() {
        long samples = (long) stack.limits().rows() * architecture.hop() + architecture.receptiveField() - 1;
        return (int) Math.min(Integer.MAX_VALUE - 1, samples);
    }

    /**
     * Encodes an utterance.
     *
     * @param samples mono, {@link #SAMPLE_RATE} a second
     * @param observer told of the hidden states before and behind each layer; the last ones are normalised
     * @return the last hidden state [frames, width], until the next call
     * @throws SamplesException when there are too few or too many samples, or one is not finite
     * @throws io.tributary.models.NonFiniteEncodingException if the computation gave NaN or infinity
     */
    public FloatMatrix encode(float[] samples, LayerObserver observer) {
        check(samples);
        int frames = embed(samples);
        FloatMatrix hidden = stack.rows(frames);
        int last = architecture.encoder().layers();
        boolean before = architecture.encoder().placement() == Placement.BEFORE;
        stack.run(new int[] {frames}, (layers, rows) -> {
            if (!before || layers < last) {
                observer.computed(layers, rows);
            }
        });
        if (before) {
            normalize(hidden);
            observer.computed(last, hidden);
        }
        packing.passEnded();
        return hidden;
    }

    /**
     * Copies the hidden states of one layer.
     *
     * @param layer 0 to the number of layers, as {@link LayerObserver} counts
     * @param target [frames, width]
     * @throws IllegalArgumentException when there is no such layer, or the target has another shape
     */
    public void encode(float[] samples, int layer, FloatMatrix target) {
        if (layer < 0 || layer > architecture.encoder().layers()) {
            throw new IllegalArgumentException("hidden states of layer " + layer + "; 0 to "
                    + architecture.encoder().layers() + " are there");
        }
        encode(samples, (number, hidden) -> {
            if (number == layer) {
                if (target.rows() != hidden.rows() || target.columns() != hidden.columns()) {
                    throw new IllegalArgumentException("a target of " + target.rows() + " x " + target.columns()
                            + " for hidden states of " + hidden.rows() + " x " + hidden.columns());
                }
                long bytes = (long) hidden.rows() * hidden.columns() * Float.BYTES;
                MemorySegment.copy(hidden.data(), 0, target.data(), 0, bytes);
            }
        });
    }

    /**
     * Encodes an utterance and scores the labels of each frame.
     *
     * @param logits takes them, [frames, labels]
     * @throws IllegalStateException when the model has no CTC head
     */
    public void classify(float[] samples, FloatMatrix logits) {
        if (head == null) {
            throw new IllegalStateException("the model has no CTC head: its architectures name no ForCTC");
        }
        head.apply(encode(samples, (layer, hidden) -> {}), logits, pool);
    }

    FeatureExtractor extractor() {
        return extractor;
    }

    /** Computes the input of the first layer and returns the number of frames. */
    private int embed(float[] samples) {
        float epsilon = architecture.normalization().epsilon();
        try (Arena memory = Arena.ofShared()) {
            FloatMatrix features = extractor.apply(input(samples, memory), memory, (layer, rows) -> {});
            if (projectionNorm != null) {
                LayerNorm.apply(
                        features, projectionNorm.weight(), projectionNorm.requireBias(), epsilon, features, pool);
            }
            FloatMatrix hidden = stack.rows(features.rows());
            projection.apply(features, hidden, pool);
            FloatMatrix positions = FloatMatrix.allocate(memory, hidden.rows(), hidden.columns());
            position.apply(hidden, 0, positions, pool);
            Elementwise.addRow(positions, positionBias, pool);
            architecture.convolutionGelu().apply(positions, positions, pool);
            Elementwise.add(hidden, positions, pool);
            if (architecture.encoder().placement() == Placement.AFTER) {
                normalize(hidden);
            }
            return hidden.rows();
        }
    }

    private void normalize(FloatMatrix hidden) {
        float epsilon = architecture.normalization().epsilon();
        LayerNorm.apply(hidden, norm.weight(), norm.requireBias(), epsilon, hidden, pool);
    }

    private void check(float[] samples) {
        if (samples.length < architecture.receptiveField() || samples.length > maximalSamples()) {
            throw new SamplesException(samples.length + " samples; " + architecture.receptiveField() + " to "
                    + maximalSamples() + " at " + SAMPLE_RATE + " Hz are possible");
        }
        for (int i = 0; i < samples.length; i++) {
            if (!Float.isFinite(samples[i])) {
                throw new SamplesException("sample " + i + " is " + samples[i] + "; all samples must be finite");
            }
        }
    }

    /** The samples as a column, with mean 0 and variance 1 if the model reads them so. */
    private FloatMatrix input(float[] samples, Arena memory) {
        double mean = 0;
        double scale = 1;
        if (architecture.inputNormalized()) {
            for (float sample : samples) {
                mean += sample;
            }
            mean /= samples.length;
            double squares = 0;
            for (float sample : samples) {
                squares += (sample - mean) * (sample - mean);
            }
            scale = 1 / Math.sqrt(squares / samples.length + VARIANCE_EPSILON);
        }
        FloatMatrix input = FloatMatrix.allocate(memory, samples.length, 1);
        for (int i = 0; i < samples.length; i++) {
            input.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) ((samples[i] - mean) * scale));
        }
        return input;
    }

    /** What transformers does when there is no preprocessor_config.json is to normalise. */
    private static boolean normalizesInput(Path directory) {
        Path file = directory.resolve("preprocessor_config.json");
        if (!Files.exists(file)) {
            return true;
        }
        try {
            if (Files.size(file) > MAXIMAL_PREPROCESSOR_BYTES) {
                throw new UnsupportedArchitectureException(
                        file + " of " + Files.size(file) + " bytes", "at most " + MAXIMAL_PREPROCESSOR_BYTES);
            }
            JsonNode preprocessor = new ObjectMapper().readTree(file.toFile());
            int rate = preprocessor.path("sampling_rate").asInt(SAMPLE_RATE);
            if (rate != SAMPLE_RATE) {
                throw new UnsupportedArchitectureException("sampling_rate " + rate, Integer.toString(SAMPLE_RATE));
            }
            return preprocessor.path("do_normalize").asBoolean(true);
        } catch (IOException unreadable) {
            throw new UnsupportedArchitectureException(
                    file + ", which cannot be read (" + unreadable.getMessage() + ")", "JSON of transformers");
        }
    }

    /** Frees the weights, which no call may be using. */
    @Override
    public void close() {
        if (packing.stop()) {
            arena.close();
        }
    }
}
