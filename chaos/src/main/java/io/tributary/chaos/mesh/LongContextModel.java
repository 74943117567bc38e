package io.tributary.chaos.mesh;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.cli.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The shipped model with a longer context than it was trained for. What it writes there makes even less sense, but it is as
 * reproducible, and sessions can be as long as those of a larger model.
 */
final class LongContextModel {
    private static final String CONFIGURATION = "config.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private LongContextModel() {}

    /**
     * Makes the model.
     *
     * @param directory where, in a folder of the shipped model's name
     * @param positions that a sequence may have
     * @return the folder
     */
    static Path make(Path directory, int positions) throws IOException {
        Path shipped = ProjectRoot.path().resolve("models/kjv-2.6m");
        Path made = directory.resolve("kjv-2.6m");
        Files.createDirectories(made);
        for (Path file : filesOf(shipped)) {
            Path copy = made.resolve(file.getFileName());
            if (!Files.exists(copy)) {
                Files.copy(file, copy);
            }
        }
        ObjectNode configuration =
                (ObjectNode) JSON.readTree(made.resolve(CONFIGURATION).toFile());
        configuration.put("max_position_embeddings", positions);
        JSON.writeValue(made.resolve(CONFIGURATION).toFile(), configuration);
        return made;
    }

    static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
