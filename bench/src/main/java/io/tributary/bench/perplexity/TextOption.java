package io.tributary.bench.perplexity;

import io.tributary.bench.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The text that a command works on. */
public final class TextOption {
    private static final String DEFAULT_TEXT = "chapters.txt";

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "UTF-8 text. Default: some chapters of the King James Bible.")
    @Nullable
    Path file;

    /**
     * The text.
     *
     * @throws BenchException when the file cannot be read as UTF-8
     */
    public String read() {
        if (file == null) {
            return defaultText();
        }
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new BenchException("--text " + file + " can't be read as UTF-8: " + failure, failure);
        }
    }

    /** The text that is used without one of the caller's. */
    static String defaultText() {
        try (InputStream stream = TextOption.class.getResourceAsStream(DEFAULT_TEXT)) {
            return new String(Objects.requireNonNull(stream, DEFAULT_TEXT).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new BenchException("the text " + DEFAULT_TEXT + " of this program can't be read", failure);
        }
    }
}
