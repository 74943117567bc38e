package io.tributary.cli.mesh;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.cli.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is remembered of a mesh between two commands.
 *
 * @param directory holds `processes.json`, `kafka/` and `logs/`
 */
public record MeshState(Path directory) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where the processes write what they have to say. */
    public Path logs() {
        return directory.resolve("logs");
    }

    /** Where the broker keeps its data. */
    public Path brokerData() {
        return directory.resolve("kafka");
    }

    /** The processes of the mesh, in the order in which they were started; empty if there is none. */
    public List<MeshProcess> processes() {
        if (!Files.exists(file())) {
            return List.of();
        }
        try {
            return JSON.readValue(file().toFile(), new TypeReference<List<MeshProcess>>() {});
        } catch (IOException unreadable) {
            throw new CommandFailedException("%s cannot be read (%s); end the processes by hand and delete it"
                    .formatted(file(), unreadable.getMessage()));
        }
    }

    /** Remembers the processes. */
    public void save(List<MeshProcess> processes) {
        try {
            Files.createDirectories(directory);
            Path draft = directory.resolve("processes.json.new");
            JSON.writeValue(draft.toFile(), processes);
            Files.move(
                    draft,
                    file(),
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new CommandFailedException("%s cannot be written: %s".formatted(file(), failure.getMessage()));
        }
    }

    private Path file() {
        return directory.resolve("processes.json");
    }
}
