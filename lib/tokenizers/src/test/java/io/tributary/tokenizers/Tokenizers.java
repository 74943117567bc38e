package io.tributary.tokenizers;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** Opens the vocabularies that several tests look at. */
final class Tokenizers {
    static final int MAXIMAL_TEXT_BYTES = 4 << 20;
    static final Path SHIPPED_MODEL =
            Path.of(Objects.requireNonNull(System.getProperty("tributary.root")), "models", "kjv-2.6m");

    private Tokenizers() {}

    static Tokenizer open(Path model) {
        return Tokenizer.open(model, MAXIMAL_TEXT_BYTES);
    }

    /** `kjv`, or the name of a golden vocabulary. */
    static Tokenizer named(String name) {
        return open(path(name));
    }

    /** Where `kjv`, or a golden vocabulary, is. */
    static Path path(String name) {
        return name.equals("kjv") ? SHIPPED_MODEL : golden(name, ".gguf");
    }

    static Path golden(String name, String suffix) {
        String resource = "/goldens/tokenizers/ggml-vocab-" + name + suffix;
        try {
            return Path.of(Objects.requireNonNull(Tokenizers.class.getResource(resource), resource)
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
