package io.tributary.checkpoints;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** A single safetensors file, mapped, without the configuration of a model around it. */
public final class SafetensorsFile implements AutoCloseable {
    private final Path path;
    private final FileMappings mappings;
    private final SafetensorsLayout.Content content;

    private SafetensorsFile(Path path, FileMappings mappings, SafetensorsLayout.Content content) {
        this.path = path;
        this.mappings = mappings;
        this.content = content;
    }

    /**
     * Maps the file and reads its header.
     *
     * @throws CheckpointNotFoundException when it cannot be read
     * @throws MalformedCheckpointException when it breaks the rules of the format
     * @throws UnsupportedTensorTypeException when it has a tensor of an unknown dtype
     */
    public static SafetensorsFile open(Path path) {
        FileMappings mappings = new FileMappings();
        try {
            return new SafetensorsFile(path, mappings, SafetensorsLayout.read(path, mappings.map(path)));
        } catch (RuntimeException failure) {
            mappings.close();
            throw failure;
        }
    }

    /** The tensor of that name; empty when the file has none. */
    public Optional<StoredTensor> tensor(String name) {
        return content.directory().find(name);
    }

    /**
     * The tensor of that name.
     *
     * @throws MissingTensorException when the file has none; the message lists the nearest names
     */
    public StoredTensor require(String name) {
        return content.directory().require(name, path);
    }

    /** The names of all tensors, sorted. */
    public Collection<String> tensorNames() {
        return content.directory().names();
    }

    /** The {@code __metadata__} of the header; empty when it has none. */
    public Map<String, String> metadata() {
        return content.metadata();
    }

    /** Unmaps the file; touching a tensor after this gives an {@link IllegalStateException}. Idempotent. */
    @Override
    public void close() {
        mappings.close();
    }
}
