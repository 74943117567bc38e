package io.tributary.checkpoints;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Writes safetensors files: tensors end to end in the order given, the data aligned to 8 bytes. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private SafetensorsWriter() {}

    /** As {@link #write(Path, Collection, Map)} with the metadata that the transformers library asks for. */
    public static void write(Path path, Collection<StoredTensor> tensors) {
        write(path, tensors, Map.of("format", "pt"));
    }

    /**
     * Writes the file at once: a reader sees the one before or the new one, never a part.
     *
     * @param metadata strings for the {@code __metadata__} of the header; left out when empty
     * @throws IllegalArgumentException when a name occurs twice or safetensors has no such type
     * @throws java.io.UncheckedIOException when the file cannot be written
     */
    public static void write(Path path, Collection<StoredTensor> tensors, Map<String, String> metadata) {
        List<StoredTensor> ordered = List.copyOf(tensors);
        ByteBuffer header = header(ordered, metadata);
        ReplacedFile.write(path, channel -> {
            ReplacedFile.writeFully(channel, header);
            for (StoredTensor tensor : ordered) {
                ReplacedFile.writeFully(channel, tensor.data());
            }
        });
    }

    private static ByteBuffer header(List<StoredTensor> tensors, Map<String, String> metadata) {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode strings = root.putObject("__metadata__");
            metadata.forEach(strings::put);
        }
        long begin = 0;
        for (StoredTensor tensor : tensors) {
            if (root.has(tensor.name())) {
                throw new IllegalArgumentException("Two tensors are called '" + tensor.name() + "'");
            }
            if (!tensor.type().inSafetensors()) {
                throw new IllegalArgumentException("The tensor '" + tensor.name() + "' is of type " + tensor.type()
                        + ", which safetensors has not; it has " + TensorType.safetensorsDtypes());
            }
            long end = Math.addExact(begin, tensor.data().byteSize());
            ObjectNode declaration = root.putObject(tensor.name());
            declaration.put("dtype", tensor.type().name());
            tensor.shape().forEach(declaration.putArray("shape")::add);
            declaration.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        return padded(root.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer padded(byte[] json) {
        int length = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(length).put(json);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }
}
