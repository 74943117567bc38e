package io.tributary.checkpoints;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a model is called after the path of its files. */
final class CheckpointName {
    private static final Pattern SUFFIX = Pattern.compile("\\.(gguf|onnx)$");
    private static final String NAMELESS = "model";
    private static final Pattern CACHE_ENTRY = Pattern.compile("models--(?:.*--)?(.+)");
    private static final Pattern FOREIGN = Pattern.compile("[^a-z0-9]+");
    private static final Pattern OUTER_DASHES = Pattern.compile("^-|-$");

    private CheckpointName() {}

    /** The last part of the path in [a-z0-9-]; "model" when that leaves nothing. */
    static String of(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        String name = repositoryInCache(absolute);
        if (name == null) {
            name = Objects.requireNonNullElse(absolute.getFileName(), absolute).toString();
        }
        name = SUFFIX.matcher(name.toLowerCase(Locale.ROOT)).replaceFirst("");
        String clean =
                OUTER_DASHES.matcher(FOREIGN.matcher(name).replaceAll("-")).replaceAll("");
        return clean.isEmpty() ? NAMELESS : clean;
    }

    /** The repository of {@code models--owner--repository/snapshots/<commit>}, where the last part says nothing. */
    private static @Nullable String repositoryInCache(Path absolute) {
        int parts = absolute.getNameCount();
        if (parts < 3 || !absolute.getName(parts - 2).toString().equals("snapshots")) {
            return null;
        }
        var entry = CACHE_ENTRY.matcher(absolute.getName(parts - 3).toString());
        return entry.matches() ? entry.group(1) : null;
    }
}
