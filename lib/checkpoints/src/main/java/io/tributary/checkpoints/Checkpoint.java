package io.tributary.checkpoints;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/**
 * The configuration and the named weights of one model on disk.
 *
 * <p>Opening reads configuration only; weights are mapped, never copied, and a tensor costs nothing until its bytes are
 * touched. The files must not change while the checkpoint is open. Safe for use by several threads.
 *
 * <p>Every file is treated as hostile: whatever is in it, opening and asking give what the file says or a
 * {@link CheckpointException}, and use memory in proportion to the header of the file.
 */
public sealed interface Checkpoint extends AutoCloseable permits HuggingFaceCheckpoint, GgufCheckpoint, OnnxCheckpoint {

    /**
     * Opens a Hugging Face directory (or the model.safetensors in it), a GGUF file, or an ONNX file.
     *
     * @throws CheckpointNotFoundException when nothing is there, or it cannot be read
     * @throws MalformedCheckpointException when the configuration breaks the rules of its format
     */
    static Checkpoint open(Path path) {
        if (Files.isDirectory(path)) {
            return HuggingFaceCheckpoint.open(path);
        }
        if (!Files.exists(path)) {
            throw new CheckpointNotFoundException("There is no model at " + path.toAbsolutePath()
                    + "; wanted is a directory with config.json, or a GGUF or ONNX file");
        }
        Path absolute = path.toAbsolutePath();
        String fileName = String.valueOf(absolute.getFileName());
        if (fileName.equals(SafetensorsShards.SINGLE)) {
            return HuggingFaceCheckpoint.open(absolute.resolveSibling(""));
        }
        if (fileName.endsWith(SafetensorsShards.SUFFIX)) {
            throw new CheckpointNotFoundException(
                    path + " holds weights only; give the directory that holds it together with config.json");
        }
        return fileName.endsWith(OnnxCheckpoint.SUFFIX) ? OnnxCheckpoint.open(path) : GgufCheckpoint.open(path);
    }

    /**
     * The tensor of that name; empty when the checkpoint has none.
     *
     * @throws UnsupportedTensorTypeException when it is there, in a type that this release does not know
     * @throws MalformedCheckpointException when the directory of tensors breaks the rules of its format
     */
    Optional<StoredTensor> tensor(String name);

    /**
     * The tensor of that name.
     *
     * @throws MissingTensorException when it is not there; the message lists the nearest names, or the files that were
     *     looked for when there are no weights at all
     * @throws UnsupportedTensorTypeException when it is there, in a type that this release does not know
     * @throws MalformedCheckpointException when the directory of tensors breaks the rules of its format
     */
    StoredTensor require(String name);

    /** The names of all tensors, sorted, those of unknown type too; none when there are no weights. */
    Collection<String> tensorNames();

    /**
     * A SHA-256 in lower-case hexadecimal over the configuration and the directory of tensors (name, type, shape,
     * offset), but not over the weights themselves. Two checkpoints that disagree here are not the same model.
     */
    String fingerprint();

    /**
     * The files that hold the weights.
     *
     * @throws MalformedCheckpointException when the directory of tensors breaks the rules of its format
     */
    WeightFiles weightFiles();

    /**
     * What to call the model: the name of its directory or file in [a-z0-9-], so {@code Foo_Bar.Q8_0.gguf} is
     * {@code foo-bar-q8-0}. A snapshot in a Hugging Face cache is called after its repository.
     */
    String name();

    /** Unmaps the weights; touching a tensor after this gives an {@link IllegalStateException}. Idempotent. */
    @Override
    void close();
}
