package io.tributary.cli;

import io.tributary.checkpoints.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The model that is served when nothing else is asked for: a small one that comes with the repository. */
public final class DefaultModel {
    private DefaultModel() {}

    /**
     * The given path, or else that of the shipped model.
     *
     * @throws io.tributary.checkpoints.CheckpointException when its configuration cannot be read: found here, it ends
     *     the command before any service starts
     */
    public static Path orDefault(@Nullable Path given) {
        Path model = given == null ? ProjectRoot.path().resolve("models/kjv-2.6m") : given;
        if (!Files.exists(model)) {
            throw new CommandFailedException(
                    "there is no model at " + model + "; give a Hugging Face directory or a GGUF file with --model");
        }
        Checkpoint.open(model).close();
        return model.toAbsolutePath().normalize();
    }
}
