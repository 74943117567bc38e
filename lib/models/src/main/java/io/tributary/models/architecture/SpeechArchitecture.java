package io.tributary.models.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.Conv1dShape;
import io.tributary.kernels.Gelu;
import io.tributary.models.architecture.EncoderArchitecture.Mask;
import io.tributary.models.architecture.EncoderArchitecture.Placement;
import java.util.ArrayList;
import java.util.List;

/**
 * HuBERT (Hsu et al., 2021, arXiv 2106.07447) and wav2vec 2.0 (Baevski et al., 2020, arXiv 2006.11477) as data: convolutions over
 * samples at 16 kHz, a projection, a convolution that tells positions, and an encoder.
 *
 * @param modelType hubert or wav2vec2, which is also what its tensors begin with in models with a head
 * @param convolutions over the samples, in order
 * @param convolutionBias whether they have biases
 * @param featureNorm what is normalised behind them
 * @param convolutionGelu the activation behind each of them
 * @param projectionNorm whether the features are normalised before they are projected
 * @param position the grouped convolution that tells positions; padded by half its kernel
 * @param normalization the epsilon of every norm
 * @param encoder the layers
 * @param labels of the CTC head, 0 without one
 * @param inputNormalized whether samples get mean 0 and variance 1 first
 */
public record SpeechArchitecture(
        String modelType,
        List<Conv1dShape> convolutions,
        boolean convolutionBias,
        FeatureNorm featureNorm,
        Gelu convolutionGelu,
        boolean projectionNorm,
        Conv1dShape position,
        LayerNormalization normalization,
        EncoderArchitecture encoder,
        int labels,
        boolean inputNormalized) {
    private static final int MOST_CONVOLUTIONS = 64;
    private static final int MOST_TAPS = 1 << 12;

    /** What is normalised behind the convolutions. */
    public enum FeatureNorm {
        /** Each channel of the first one over the whole time. */
        FIRST_OVER_TIME,
        /** Each row of every one. */
        EACH_ROW
    }

    /** Copies the list. */
    public SpeechArchitecture {
        convolutions = List.copyOf(convolutions);
    }

    /** Whether a config.json is of this family. */
    public static boolean isSpeech(JsonNode configuration) {
        String type = configuration.path("model_type").asText();
        return type.equals("hubert") || type.equals("wav2vec2");
    }

    /**
     * Reads a configuration; {@code do_normalize} is that of preprocessor_config.json.
     *
     * @param inputNormalized whether the preprocessor gives samples mean 0 and variance 1
     * @throws UnsupportedArchitectureException if the model is another one, or needs what is not computed
     * @throws InvalidArchitectureException if a field has a value that no model can have
     */
    public static SpeechArchitecture read(HuggingFaceCheckpoint checkpoint, boolean inputNormalized) {
        JsonNode configuration = checkpoint.configuration();
        JsonFields fields = new JsonFields("", configuration);
        if (!isSpeech(configuration)) {
            throw new UnsupportedArchitectureException(
                    "the model type " + fields.text("model_type", "(missing)"), "speech encoders: hubert, wav2vec2");
        }
        refuseWhatIsNotComputed(fields);
        double epsilon = fields.optionalReal("layer_norm_eps").orElse(1e-5);
        LayerNormalization normalization =
                new LayerNormalization((float) Bounds.above("layer_norm_eps", epsilon, 1e-30, 1));
        EncoderArchitecture encoder = encoder(fields, normalization);
        return new SpeechArchitecture(
                fields.text("model_type", ""),
                convolutions(configuration),
                fields.flag("conv_bias", false),
                featureNorm(fields),
                BertArchitecture.gelu("feat_extract_activation", fields.text("feat_extract_activation", "gelu")),
                fields.flag("feat_proj_layer_norm", true),
                position(fields, encoder.width()),
                normalization,
                encoder,
                hasHead(configuration) ? fields.integer("vocab_size", 1, Bounds.VOCABULARY) : 0,
                inputNormalized);
    }

    /** The samples that one frame sees. */
    public int receptiveField() {
        int field = 1;
        for (Conv1dShape convolution : convolutions.reversed()) {
            field = (field - 1) * convolution.stride() + convolution.kernel();
        }
        return field;
    }

    /** The samples from one frame to the next. */
    public int hop() {
        return convolutions.stream().mapToInt(Conv1dShape::stride).reduce(1, Math::multiplyExact);
    }

    /** The number of frames of so many samples. */
    public int frames(int samples) {
        int frames = samples;
        for (Conv1dShape convolution : convolutions) {
            frames = convolution.length(frames);
        }
        return frames;
    }

    private static void refuseWhatIsNotComputed(JsonFields fields) {
        if (fields.flag("conv_pos_batch_norm", false)) {
            throw new UnsupportedArchitectureException("conv_pos_batch_norm true", "false");
        }
        if (fields.flag("add_adapter", false)) {
            throw new UnsupportedArchitectureException("add_adapter true", "false");
        }
        if (fields.has("adapter_attn_dim")) {
            throw new UnsupportedArchitectureException("adapter_attn_dim", "none");
        }
    }

    private static FeatureNorm featureNorm(JsonFields fields) {
        String norm = fields.text("feat_extract_norm", "group");
        return switch (norm) {
            case "group" -> FeatureNorm.FIRST_OVER_TIME;
            case "layer" -> FeatureNorm.EACH_ROW;
            default -> throw new UnsupportedArchitectureException("feat_extract_norm " + norm, "group, layer");
        };
    }

    private static List<Conv1dShape> convolutions(JsonNode configuration) {
        List<Integer> channels = extents(configuration, "conv_dim", Bounds.WIDTH);
        List<Integer> kernels = extents(configuration, "conv_kernel", MOST_TAPS);
        List<Integer> strides = extents(configuration, "conv_stride", MOST_TAPS);
        if (channels.size() != kernels.size() || channels.size() != strides.size()) {
            throw new InvalidArchitectureException(
                    "conv_dim",
                    channels + ", " + kernels + " and " + strides,
                    "as long as conv_kernel and conv_stride");
        }
        List<Conv1dShape> shapes = new ArrayList<>();
        int inputs = 1;
        for (int layer = 0; layer < channels.size(); layer++) {
            shapes.add(Conv1dShape.of(inputs, channels.get(layer), kernels.get(layer), strides.get(layer)));
            inputs = channels.get(layer);
        }
        return shapes;
    }

    private static List<Integer> extents(JsonNode configuration, String name, int most) {
        JsonNode list = configuration.path(name);
        if (!list.isArray() || list.isEmpty() || list.size() > MOST_CONVOLUTIONS) {
            throw new InvalidArchitectureException(
                    name, list.toString(), "a list of 1 to " + MOST_CONVOLUTIONS + " numbers");
        }
        List<Integer> extents = new ArrayList<>();
        for (JsonNode value : list) {
            if (!value.isInt()) {
                throw new InvalidArchitectureException(name, list.toString(), "whole numbers");
            }
            extents.add(Bounds.integer(name, value.intValue(), 1, most));
        }
        return extents;
    }

    private static Conv1dShape position(JsonFields fields, int width) {
        int kernel = fields.integer("num_conv_pos_embeddings", 1, MOST_TAPS);
        int groups = fields.integer("num_conv_pos_embedding_groups", 1, Bounds.WIDTH);
        if (width % groups != 0) {
            throw new InvalidArchitectureException(
                    "num_conv_pos_embedding_groups", Integer.toString(groups), "a divisor of hidden_size, " + width);
        }
        return new Conv1dShape(width, width, kernel, 1, groups, kernel / 2);
    }

    private static EncoderArchitecture encoder(JsonFields fields, LayerNormalization normalization) {
        GeluFeedForward network = new GeluFeedForward(
                fields.integer("intermediate_size", 1, Bounds.HIDDEN),
                BertArchitecture.gelu("hidden_act", fields.text("hidden_act", "gelu")),
                true);
        return new EncoderArchitecture(
                fields.integer("hidden_size", 1, Bounds.WIDTH),
                fields.integer("num_hidden_layers", 1, Bounds.LAYERS),
                fields.integer("num_attention_heads", 1, Bounds.HEADS),
                Mask.NONE,
                true,
                network,
                normalization,
                fields.flag("do_stable_layer_norm", false) ? Placement.BEFORE : Placement.AFTER);
    }

    private static boolean hasHead(JsonNode configuration) {
        for (JsonNode architecture : configuration.path("architectures")) {
            if (architecture.asText().endsWith("ForCTC")) {
                return true;
            }
        }
        return false;
    }
}
