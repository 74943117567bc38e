package io.tributary.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.models.architecture.UnsupportedArchitectureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How the hidden states of a sequence become one embedding.
 *
 * @param form which of them
 * @param unitLength whether the embedding is divided by its length
 */
public record Pooling(Form form, boolean unitLength) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAXIMAL_BYTES = 1 << 20;

    /** Which hidden states count. */
    public enum Form {
        /** The mean of all. */
        MEAN,
        /** The first one, of the token [CLS]. */
        CLS,
        /** The first one, through the model's pooler: {@code tanh(dense(x))}. */
        POOLER
    }

    /** What most sentence encoders do. */
    public static final Pooling DEFAULT = new Pooling(Form.MEAN, true);

    /**
     * What a directory of sentence-transformers says in modules.json and 1_Pooling/config.json; the default if it says nothing.
     *
     * @throws UnsupportedArchitectureException if it asks for another pooling, or for a module behind it that is not computed
     */
    public static Pooling of(Path directory) {
        Path modules = directory.resolve("modules.json");
        if (!Files.exists(modules)) {
            return DEFAULT;
        }
        boolean unitLength = false;
        Form form = Form.MEAN;
        for (JsonNode module : read(modules)) {
            String type = module.path("type").asText();
            if (type.endsWith(".Normalize")) {
                unitLength = true;
            } else if (type.endsWith(".Pooling")) {
                form = form(read(pooling(directory, module.path("path").asText())));
            } else if (!type.endsWith(".Transformer")) {
                throw new UnsupportedArchitectureException(
                        "the module " + type + " of sentence-transformers", "Transformer, Pooling and Normalize");
            }
        }
        return new Pooling(form, unitLength);
    }

    /** The path comes from a file that nobody vouches for. */
    private static Path pooling(Path directory, String module) {
        Path configuration = directory.resolve(module).resolve("config.json").normalize();
        if (!configuration.startsWith(directory.normalize())) {
            throw new UnsupportedArchitectureException(
                    "a pooling module at " + module, "modules within the model's directory");
        }
        return configuration;
    }

    private static Form form(JsonNode pooling) {
        boolean mean = pooling.path("pooling_mode_mean_tokens").asBoolean();
        boolean cls = pooling.path("pooling_mode_cls_token").asBoolean();
        boolean other = pooling.path("pooling_mode_max_tokens").asBoolean()
                || pooling.path("pooling_mode_mean_sqrt_len_tokens").asBoolean()
                || pooling.path("pooling_mode_weightedmean_tokens").asBoolean()
                || pooling.path("pooling_mode_lasttoken").asBoolean();
        if (mean == cls || other) {
            throw new UnsupportedArchitectureException(
                    "the pooling " + pooling, "either pooling_mode_mean_tokens or pooling_mode_cls_token alone");
        }
        return mean ? Form.MEAN : Form.CLS;
    }

    private static JsonNode read(Path file) {
        try {
            if (Files.size(file) > MAXIMAL_BYTES) {
                throw new UnsupportedArchitectureException(
                        file + " of " + Files.size(file) + " bytes", "at most " + MAXIMAL_BYTES);
            }
            return JSON.readTree(file.toFile());
        } catch (IOException unreadable) {
            throw new UnsupportedArchitectureException(
                    file + ", which cannot be read (" + unreadable.getMessage() + ")", "sentence-transformers' JSON");
        }
    }
}
