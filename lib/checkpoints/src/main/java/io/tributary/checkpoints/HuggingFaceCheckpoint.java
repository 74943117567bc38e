package io.tributary.checkpoints;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory as the Hugging Face hub has it: config.json, maybe generation_config.json, and safetensors, one or
 * several. The weights are looked for when a tensor or the fingerprint is first asked for, so that a directory without
 * them will do for those who want configuration or tokenizer only.
 */
public final class HuggingFaceCheckpoint implements Checkpoint {
    private static final String CONFIGURATION = "config.json";
    private static final String GENERATION_CONFIGURATION = "generation_config.json";
    private static final int MAXIMAL_CONFIGURATION_BYTES = 16 << 20;

    private final Path directory;
    private final JsonDocument configuration;
    private final Optional<JsonNode> generationConfiguration;
    private final FileMappings mappings = new FileMappings();
    private @Nullable TensorDirectory tensors;
    private @Nullable String fingerprint;

    private HuggingFaceCheckpoint(
            Path directory, JsonDocument configuration, Optional<JsonNode> generationConfiguration) {
        this.directory = directory;
        this.configuration = configuration;
        this.generationConfiguration = generationConfiguration;
    }

    /**
     * Reads the configuration; the weights are not looked for yet.
     *
     * @throws CheckpointNotFoundException when there is no config.json, or it cannot be read
     * @throws MalformedCheckpointException when config.json or generation_config.json is not a JSON object
     */
    public static HuggingFaceCheckpoint open(Path directory) {
        Path configuration = directory.resolve(CONFIGURATION);
        if (!Files.exists(configuration)) {
            throw new CheckpointNotFoundException(
                    directory.toAbsolutePath() + " has no " + CONFIGURATION + ggufHint(directory));
        }
        Path generation = directory.resolve(GENERATION_CONFIGURATION);
        Optional<JsonNode> generationConfiguration = Files.exists(generation)
                ? Optional.of(JsonDocument.read(generation, MAXIMAL_CONFIGURATION_BYTES)
                        .root())
                : Optional.empty();
        return new HuggingFaceCheckpoint(
                directory, JsonDocument.read(configuration, MAXIMAL_CONFIGURATION_BYTES), generationConfiguration);
    }

    private static String ggufHint(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.gguf")) {
            var file = files.iterator();
            return file.hasNext() ? "; to open the GGUF file in it, give the path " + file.next() : "";
        } catch (IOException cause) {
            throw CheckpointNotFoundException.unreadable(directory, cause);
        }
    }

    /** The content of config.json, an object. Not to be changed. */
    public JsonNode configuration() {
        return configuration.root();
    }

    /** The content of generation_config.json, an object, when there is one. Not to be changed. */
    public Optional<JsonNode> generationConfiguration() {
        return generationConfiguration;
    }

    /** Where the files are; tokenizer.json is to be found here. */
    public Path directory() {
        return directory;
    }

    @Override
    public Optional<StoredTensor> tensor(String name) {
        return tensors().find(name);
    }

    @Override
    public StoredTensor require(String name) {
        TensorDirectory present = tensors();
        if (present.isEmpty()) {
            throw new MissingTensorException(
                    directory, name, "there are no weights: looked for " + SafetensorsShards.LOOKED_FOR);
        }
        return present.require(name, directory);
    }

    @Override
    public Collection<String> tensorNames() {
        return tensors().names();
    }

    @Override
    public synchronized String fingerprint() {
        if (fingerprint == null) {
            fingerprint = Fingerprint.of(configuration.bytes().duplicate(), tensors());
        }
        return fingerprint;
    }

    @Override
    public synchronized WeightFiles weightFiles() {
        tensors();
        return mappings.files();
    }

    @Override
    public String name() {
        return CheckpointName.of(directory);
    }

    private synchronized TensorDirectory tensors() {
        if (tensors == null) {
            tensors = SafetensorsShards.read(directory, mappings);
        }
        return tensors;
    }

    @Override
    public void close() {
        mappings.close();
    }
}
