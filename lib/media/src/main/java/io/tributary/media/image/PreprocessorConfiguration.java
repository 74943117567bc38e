package io.tributary.media.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the preprocessor_config.json of CLIPImageProcessor and ViTImageProcessor, with what the transformers library takes
 * for fields that are missing; the older names of both and of their fields are known too.
 */
public final class PreprocessorConfiguration {
    private static final String RIGHT_SIZE =
            "a whole number, {\"shortest_edge\": n} or {\"height\": n, \"width\": n} of 1 to 4096";
    private static final int MAXIMAL_SIDE = 4096;

    private final JsonNode fields;
    private final Defaults defaults;

    private PreprocessorConfiguration(JsonNode fields, Defaults defaults) {
        this.fields = fields;
        this.defaults = defaults;
    }

    /**
     * Reads the file's content.
     *
     * @param fields a JSON object
     * @throws InvalidPreprocessingException when it is of another processor, or a field is of no use
     */
    public static ImagePreprocessing read(JsonNode fields) {
        if (!fields.isObject()) {
            throw new InvalidPreprocessingException(
                    "the content", fields.getNodeType().name(), "an object");
        }
        return new PreprocessorConfiguration(fields, Defaults.of(fields)).preprocessing();
    }

    private ImagePreprocessing preprocessing() {
        return new ImagePreprocessing(
                flag("do_resize", true) ? Optional.of(resize()) : Optional.empty(),
                Resampling.ofNumber(whole("resample", fields.path("resample"), defaults.filter.number())),
                flag("do_center_crop", defaults.crops) ? Optional.of(crop()) : Optional.empty(),
                normalization());
    }

    private TargetSize resize() {
        JsonNode size = fields.path("size");
        if (size.isMissingNode() || size.isNull()) {
            return defaults.crops
                    ? new TargetSize.ShortestEdge(Defaults.SIDE)
                    : new TargetSize.Exact(Defaults.SIDE, Defaults.SIDE);
        }
        if (size.isNumber()) {
            int side = side("size", size);
            return defaults.crops ? new TargetSize.ShortestEdge(side) : new TargetSize.Exact(side, side);
        }
        return size.has("shortest_edge") && !size.has("longest_edge")
                ? new TargetSize.ShortestEdge(side("size", size.path("shortest_edge")))
                : exact("size", size);
    }

    private TargetSize.Exact crop() {
        JsonNode size = fields.path("crop_size");
        if (size.isMissingNode() || size.isNull()) {
            return new TargetSize.Exact(Defaults.SIDE, Defaults.SIDE);
        }
        if (size.isNumber()) {
            int side = side("crop_size", size);
            return new TargetSize.Exact(side, side);
        }
        return exact("crop_size", size);
    }

    private static TargetSize.Exact exact(String name, JsonNode size) {
        return new TargetSize.Exact(side(name, size.path("width")), side(name, size.path("height")));
    }

    private static int side(String name, JsonNode value) {
        if (!value.isIntegralNumber() || value.longValue() < 1 || value.longValue() > MAXIMAL_SIDE) {
            throw new InvalidPreprocessingException(
                    name, value.isMissingNode() ? "incomplete" : value.toString(), RIGHT_SIZE);
        }
        return value.intValue();
    }

    private Normalization normalization() {
        boolean normalizes = flag("do_normalize", true);
        double scale = flag("do_rescale", true) ? real("rescale_factor", fields.path("rescale_factor"), 1 / 255.0) : 1;
        return new Normalization(
                scale,
                normalizes ? channels("image_mean", defaults.normalization.means()) : List.of(0.0, 0.0, 0.0),
                normalizes ? channels("image_std", defaults.normalization.deviations()) : List.of(1.0, 1.0, 1.0));
    }

    private List<Double> channels(String name, List<Double> whenMissing) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return whenMissing;
        }
        List<Double> channels = new ArrayList<>();
        value.forEach(each -> channels.add(real(name, each, 0)));
        if (!value.isArray()
                || channels.size() != Picture.CHANNELS
                || (name.equals("image_std") && channels.stream().anyMatch(each -> each.floatValue() == 0))) {
            throw new InvalidPreprocessingException(
                    name, value.toString(), "a list of three numbers (deviations other than 0)");
        }
        return channels;
    }

    private boolean flag(String name, boolean whenMissing) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return whenMissing;
        }
        if (!value.isBoolean()) {
            throw new InvalidPreprocessingException(name, value.toString(), "true or false");
        }
        return value.booleanValue();
    }

    private static int whole(String name, JsonNode value, int whenMissing) {
        if (value.isMissingNode() || value.isNull()) {
            return whenMissing;
        }
        if (!value.isInt()) {
            throw new InvalidPreprocessingException(name, value.toString(), "a whole number");
        }
        return value.intValue();
    }

    private static double real(String name, JsonNode value, double whenMissing) {
        if (value.isMissingNode() || value.isNull()) {
            return whenMissing;
        }
        if (!value.isNumber() || !Float.isFinite(value.floatValue())) {
            throw new InvalidPreprocessingException(name, value.toString(), "a number");
        }
        return value.doubleValue();
    }

    /**
     * What a processor does when its file does not say it.
     *
     * @param crops whether the middle is cut out; then a size of one number is that of the shorter side
     */
    private record Defaults(boolean crops, Resampling filter, Normalization normalization) {
        static final int SIDE = 224;
        private static final Defaults CLIP = new Defaults(true, Resampling.BICUBIC, Normalization.CLIP);
        private static final Defaults VIT = new Defaults(false, Resampling.BILINEAR, Normalization.SYMMETRIC);
        private static final Map<String, Defaults> OF_TYPE = Map.of(
                "CLIPImageProcessor", CLIP,
                "CLIPImageProcessorFast", CLIP,
                "CLIPFeatureExtractor", CLIP,
                "ViTImageProcessor", VIT,
                "ViTImageProcessorFast", VIT,
                "ViTFeatureExtractor", VIT);

        /** A file that names no processor is taken for CLIP's. */
        static Defaults of(JsonNode fields) {
            String field =
                    fields.hasNonNull("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
            if (!fields.hasNonNull(field)) {
                return CLIP;
            }
            Defaults defaults = OF_TYPE.get(fields.get(field).asText());
            if (defaults == null) {
                throw new InvalidPreprocessingException(
                        field,
                        fields.get(field).toString(),
                        String.join(", ", OF_TYPE.keySet().stream().sorted().toList()));
            }
            return defaults;
        }
    }
}
