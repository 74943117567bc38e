package io.tributary.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.tokenizers.ModelChat;
import io.tributary.tokenizers.Tokenizer;
import io.tributary.tokenizers.TokenizerException;
import io.tributary.tokenizers.template.ChatTemplateException;
import io.tributary.tokenizers.template.TemplateLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;

/**
 * A model in a line.
 *
 * @param name what it is called
 * @param use chat or text
 * @param contextLength positions that a sequence may have
 * @param vocabularySize number of token ids
 * @param path where it lies; empty if elsewhere
 * @param bytes of its weights; 0 if not known
 */
record ModelSummary(String name, String use, int contextLength, int vocabularySize, String path, long bytes) {
    static final String HEADING =
            "%-28s %-5s %9s %11s %10s  %s".formatted("name", "use", "context", "vocabulary", "size", "path");
    private static final double MIB = 1 << 20;

    /** Whether a directory holds a model, rather than models. */
    static boolean isModelDirectory(Path directory) {
        return Files.exists(directory.resolve("config.json"));
    }

    /**
     * Reads what a model says of itself.
     *
     * @throws io.tributary.checkpoints.CheckpointException if it cannot be read
     * @throws io.tributary.models.architecture.ArchitectureException if it is of no kind that can be served
     */
    static ModelSummary read(Path path) {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            long bytes = checkpoint.tensorNames().stream()
                    .mapToLong(name -> checkpoint.require(name).data().byteSize())
                    .sum();
            return new ModelSummary(
                    checkpoint.name(),
                    isForChats(path) ? "chat" : "text",
                    architecture.contextLength(),
                    architecture.vocabularySize(),
                    path.toString(),
                    bytes);
        }
    }

    /** A template that cannot be read is none, as for a gateway that serves the model. */
    private static boolean isForChats(Path model) {
        try (Tokenizer tokenizer = Tokenizer.open(model, 1)) {
            return ModelChat.open(model, tokenizer, TemplateLimits.DEFAULT, Clock.systemUTC())
                    .isPresent();
        } catch (TokenizerException | ChatTemplateException unusable) {
            return false;
        }
    }

    /** As a row under {@link #HEADING}. */
    String line() {
        String size = bytes == 0 ? "" : String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
        return String.format(
                        Locale.ROOT,
                        "%-28s %-5s %,9d %,11d %10s  %s",
                        name,
                        use,
                        contextLength,
                        vocabularySize,
                        size,
                        path)
                .stripTrailing();
    }

    ObjectNode json() {
        ObjectNode object = new ObjectMapper()
                .createObjectNode()
                .put("name", name)
                .put("use", use)
                .put("context_length", contextLength)
                .put("vocabulary_size", vocabularySize);
        if (!path.isEmpty()) {
            object.put("path", path).put("bytes", bytes);
        }
        return object;
    }
}
