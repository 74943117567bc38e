package io.tributary.models.architecture;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.checkpoints.OnnxCheckpoint;

/** Reads what a checkpoint's configuration says about its model. */
public final class ArchitectureReader {
    private ArchitectureReader() {}

    /**
     * The architecture of a checkpoint. Of a Hugging Face directory only the configuration is looked at; of a GGUF file
     * also the shape of the embedding and which optional tensors there are, such as the networks of layers without experts.
     *
     * @throws UnsupportedArchitectureException if the model needs what this release does not compute
     * @throws InvalidArchitectureException if a field has a value that no model can have
     */
    public static Architecture read(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case HuggingFaceCheckpoint directory -> new HuggingFaceArchitecture(directory).read();
            case GgufCheckpoint file -> new GgufArchitecture(file).read();
            case OnnxCheckpoint file ->
                throw new UnsupportedArchitectureException(
                        "a decoder in the ONNX file " + file.name(), "decoders in safetensors or GGUF");
        };
    }
}
