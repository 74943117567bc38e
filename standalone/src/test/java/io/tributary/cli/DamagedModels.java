package io.tributary.cli;

import io.tributary.mesh.ShippedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Makes models that cannot be served out of models that can.
 *
 * @param directory where they are put
 */
record DamagedModels(Path directory) {
    private static final int TENSOR_COUNT_OFFSET = 8;

    /** A change to the bytes of a file; returns the new ones. */
    interface Damage {
        byte[] apply(byte[] bytes);
    }

    /** A copy of the shipped model with one file changed. */
    Path shipped(String file, Damage damage) {
        try {
            Path copy = Files.createDirectories(directory.resolve("damaged-model"));
            for (String name : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
                byte[] bytes = Files.readAllBytes(ShippedModel.PATH.resolve(name));
                Files.write(copy.resolve(name), name.equals(file) ? damage.apply(bytes) : bytes);
            }
            return copy;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A changed GGUF model. */
    Path gguf(Damage damage) {
        try {
            Path model = TinyGguf.write(directory.resolve("damaged.gguf"));
            return Files.write(model, damage.apply(Files.readAllBytes(model)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Damage truncatedTo(int length) {
        return bytes -> Arrays.copyOf(bytes, length);
    }

    /** Puts another length of the header in front of a safetensors file. */
    static Damage headerLength(long length) {
        return bytes -> {
            littleEndian(bytes).putLong(0, length);
            return bytes;
        };
    }

    /** Changes the number of tensors that a GGUF file states. */
    static Damage tensorCount(long count) {
        return bytes -> {
            littleEndian(bytes).putLong(TENSOR_COUNT_OFFSET, count);
            return bytes;
        };
    }

    /** Changes the type of a tensor that a GGUF file states: behind its name come rank, extents and type. */
    static Damage tensorType(String tensor, int ggmlType) {
        return bytes -> {
            int rank = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(tensor) + tensor.length();
            ByteBuffer file = littleEndian(bytes);
            file.putInt(rank + Integer.BYTES + file.getInt(rank) * Long.BYTES, ggmlType);
            return bytes;
        };
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
