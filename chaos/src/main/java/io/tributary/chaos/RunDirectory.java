package io.tributary.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a run keeps its data and logs.
 *
 * @param path of the directory
 * @param lasting whether it is kept, because somebody named it
 */
public record RunDirectory(Path path, boolean lasting) {
    /** The directory that was named, or else a temporary one. */
    static RunDirectory of(@Nullable Path named) {
        try {
            return named == null
                    ? new RunDirectory(Files.createTempDirectory("tributary-chaos-"), false)
                    : new RunDirectory(
                            Files.createDirectories(named).toAbsolutePath().normalize(), true);
        } catch (IOException failure) {
            throw new ChaosException("no directory for data and logs: " + failure.getMessage());
        }
    }

    /** Deletes a temporary directory. */
    public void discard() {
        if (lasting) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new ChaosException("%s cannot be deleted: %s".formatted(path, failure.getMessage()));
        }
    }
}
