package io.tributary.edge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Which model a service serves. */
@ConfigMapping(prefix = "tributary.model")
public interface ModelConfiguration {
    /** The model: a Hugging Face directory (config.json, tokenizer, *.safetensors) or a GGUF file. */
    Optional<Path> path();

    /** The model's name in topics and responses, [a-z0-9-]; without it, the name of the directory or file. */
    Optional<String> name();

    /** Whether the model is loaded when the service starts; otherwise with the first call. */
    @WithDefault("true")
    boolean loadAtStart();

    /**
     * The configured path.
     *
     * @throws IllegalStateException if none is configured
     */
    default Path requirePath() {
        return path().orElseThrow(() -> new IllegalStateException("no model is configured: set tributary.model.path"
                + " (environment: TRIBUTARY_MODEL_PATH) to a Hugging Face directory or a GGUF file"));
    }
}
