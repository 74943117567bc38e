package io.tributary.checkpoints;

import java.nio.file.Path;

/** A tensor that was required is not in the checkpoint. */
public final class MissingTensorException extends CheckpointException {
    private static final long serialVersionUID = 1L;

    /**
     * @param path the file or directory that was searched
     * @param tensor the name that was required
     * @param found what is there instead, a clause that ends the message
     */
    public MissingTensorException(Path path, String tensor, String found) {
        super(path + ": the tensor '" + tensor + "' is required; " + found, null);
    }
}
