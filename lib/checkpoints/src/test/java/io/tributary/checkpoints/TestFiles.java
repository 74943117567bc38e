package io.tributary.checkpoints;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Files that tests read, and bytes that tests write. */
final class TestFiles {
    private TestFiles() {}

    /** A resource of these tests as a file. */
    static Path resource(String name) throws URISyntaxException {
        URL url = Objects.requireNonNull(TestFiles.class.getResource(name), name);
        return Path.of(url.toURI());
    }

    /** The model in the repository. */
    static Path shippedModel() {
        String root =
                Objects.requireNonNull(System.getProperty("tributary.root"), "the system property tributary.root");
        return Path.of(root, "models", "kjv-2.6m");
    }

    /** A safetensors file of that header, whatever it says, and that many bytes of data. */
    static byte[] safetensors(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    static Path write(Path path, byte[] bytes) throws IOException {
        return Files.write(path, bytes);
    }

    static Path write(Path path, String text) throws IOException {
        return Files.writeString(path, text);
    }

    /** A tensor of ascending bytes, as many as its type and shape take. */
    static StoredTensor tensor(String name, TensorType type, Long... shape) {
        byte[] bytes = new byte[(int) TensorShape.bytes(type, List.of(shape))];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) index;
        }
        return new StoredTensor(name, type, List.of(shape), MemorySegment.ofArray(bytes));
    }

    static float[] floats(StoredTensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    static byte[] bytes(StoredTensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_BYTE);
    }
}
