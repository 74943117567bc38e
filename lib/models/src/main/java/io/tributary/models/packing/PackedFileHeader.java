package io.tributary.models.packing;

import io.tributary.checkpoints.Sha256;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.PackedWeights;
import io.tributary.kernels.WeightType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What stands before the weights: magic, version, length, then key and matrices, and a SHA-256 of all that. The chunks of the
 * matrices follow in order, each at the next multiple of 64 bytes, so that their lengths say where they are.
 *
 * @param key by which the file was written
 */
record PackedFileHeader(String key, List<Matrix> matrices) {
    /** "TRIBPACK". */
    private static final long MAGIC = 0x54524942_5041434BL;

    private static final int VERSION = 1;
    private static final int PREFIX_BYTES = Long.BYTES + 2 * Integer.BYTES;
    private static final int CHECKSUM_BYTES = 32;
    private static final int MAXIMAL_BODY_BYTES = 1 << 28;

    /** One line of the header. */
    record Matrix(String name, WeightType type, int outputs, int inputs, List<Long> chunkBytes) {
        static Matrix of(NamedMatrix matrix) {
            PackedWeights weights = matrix.weights();
            List<Long> bytes =
                    weights.chunks().stream().map(MemorySegment::byteSize).toList();
            return new Matrix(matrix.name(), weights.type(), weights.outputs(), weights.inputs(), bytes);
        }
    }

    PackedFileHeader {
        matrices = List.copyOf(matrices);
    }

    /** The offset of what follows something that ends there. */
    static long aligned(long end) {
        return Math.ceilDiv(end, FloatMatrix.ALIGNMENT) * FloatMatrix.ALIGNMENT;
    }

    /** The header as it stands in the file. */
    byte[] encoded() {
        byte[] body = body();
        ByteBuffer all = ByteBuffer.allocate(PREFIX_BYTES + body.length + CHECKSUM_BYTES);
        all.putLong(MAGIC).putInt(VERSION).putInt(body.length).put(body);
        all.put(checksum(all.array(), all.position()));
        return all.array();
    }

    /** The length of the whole file behind a header of that length. */
    long fileBytes(long headerBytes) {
        long end = headerBytes;
        for (Matrix matrix : matrices) {
            for (long bytes : matrix.chunkBytes()) {
                end = Math.addExact(aligned(end), bytes);
            }
        }
        return end;
    }

    /**
     * Reads and checks the header of a file, and that the file is as long as the header says.
     *
     * @throws IOException when it can't be read, is damaged, or was written for another key; the message says what was found
     */
    static PackedFileHeader read(FileChannel channel, String key) throws IOException {
        ByteBuffer prefix = read(channel, PREFIX_BYTES);
        if (prefix.getLong() != MAGIC) {
            throw new IOException("it does not begin as a file of packed weights does");
        }
        int version = prefix.getInt();
        int bodyBytes = prefix.getInt();
        if (version != VERSION || bodyBytes < 0 || bodyBytes > MAXIMAL_BODY_BYTES) {
            throw new IOException("its header has version " + version + " and " + bodyBytes + " bytes");
        }
        int checked = PREFIX_BYTES + bodyBytes;
        byte[] header = read(channel, checked + CHECKSUM_BYTES).array();
        if (!Arrays.equals(checksum(header, checked), Arrays.copyOfRange(header, checked, header.length))) {
            throw new IOException("the checksum of its header is wrong");
        }
        PackedFileHeader read = parse(new DataInputStream(new ByteArrayInputStream(header, PREFIX_BYTES, bodyBytes)));
        if (!read.key().equals(key)) {
            throw new IOException("it was written for another model or layout, by the key " + read.key());
        }
        if (channel.size() != read.fileBytes(header.length)) {
            throw new IOException("it has " + channel.size() + " bytes instead of " + read.fileBytes(header.length));
        }
        return read;
    }

    private byte[] body() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(key);
            out.writeInt(matrices.size());
            for (Matrix matrix : matrices) {
                out.writeUTF(matrix.name());
                out.writeUTF(matrix.type().name());
                out.writeInt(matrix.outputs());
                out.writeInt(matrix.inputs());
                out.writeInt(matrix.chunkBytes().size());
                for (long chunk : matrix.chunkBytes()) {
                    out.writeLong(chunk);
                }
            }
        } catch (IOException impossible) {
            throw new IllegalStateException("memory can always be written", impossible);
        }
        return bytes.toByteArray();
    }

    private static PackedFileHeader parse(DataInputStream in) throws IOException {
        String key = in.readUTF();
        int count = in.readInt();
        List<Matrix> matrices = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            matrices.add(new Matrix(in.readUTF(), type(in.readUTF()), in.readInt(), in.readInt(), chunkBytes(in)));
        }
        return new PackedFileHeader(key, matrices);
    }

    private static List<Long> chunkBytes(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<Long> bytes = new ArrayList<>();
        for (int chunk = 0; chunk < count; chunk++) {
            bytes.add(in.readLong());
        }
        return bytes;
    }

    private static WeightType type(String name) throws IOException {
        try {
            return WeightType.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw new IOException("its weights are of the unknown type " + name, unknown);
        }
    }

    private static byte[] checksum(byte[] bytes, int length) {
        MessageDigest digest = Sha256.digest();
        digest.update(bytes, 0, length);
        return digest.digest();
    }

    private static ByteBuffer read(FileChannel channel, int bytes) throws IOException {
        if (channel.size() < bytes) {
            throw new IOException("it ends after " + channel.size() + " bytes, in its header");
        }
        ByteBuffer read = ByteBuffer.allocate(bytes);
        while (read.hasRemaining()) {
            if (channel.read(read, read.position()) < 0) {
                throw new IOException("it became shorter while it was read");
            }
        }
        return read.flip();
    }
}
