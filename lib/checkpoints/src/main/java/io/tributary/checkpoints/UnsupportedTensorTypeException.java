package io.tributary.checkpoints;

import java.nio.file.Path;

/** A tensor is stored in a type that this release does not know, so that its size is unknown too. */
public final class UnsupportedTensorTypeException extends CheckpointException {
    private static final long serialVersionUID = 1L;

    /**
     * @param path the file that holds the tensor
     * @param tensor the name of the tensor
     * @param type the type as the file states it: a safetensors dtype or "ggml type 77"
     * @param known the types that would be understood, for the message
     */
    public UnsupportedTensorTypeException(Path path, String tensor, String type, String known) {
        super(
                path + ": the tensor '" + tensor + "' has the unknown type " + type + "; known are " + known
                        + ". Convert the model to one of these",
                null);
    }
}
