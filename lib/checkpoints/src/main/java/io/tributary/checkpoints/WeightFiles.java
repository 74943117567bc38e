package io.tributary.checkpoints;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The files that hold a checkpoint's weights, as they were when they were mapped; to be used while it is open. */
public final class WeightFiles {
    private static final int PIECE_BYTES = 1 << 20;

    /**
     * One of them.
     *
     * @param stamp of the mapped file; empty when it is not known for certain
     */
    record Mapped(MemorySegment bytes, Optional<FileStamp> stamp) {
        boolean isUnchanged() {
            return stamp.isPresent() && FileStamp.of(stamp.get().path()).equals(stamp);
        }
    }

    private final List<Mapped> files;

    WeightFiles(List<Mapped> files) {
        this.files = List.copyOf(files);
    }

    /** The length of all of them together. */
    public long bytes() {
        return files.stream().mapToLong(file -> file.bytes().byteSize()).sum();
    }

    /**
     * A SHA-256 in hexadecimal over what the file system says of the files: path, inode, length and times of change, but not
     * over a byte of them. It is another one after any change. Empty when the file system does not say enough, when a file
     * was being changed while it was opened, or when there are no weights.
     */
    public Optional<String> stamp() {
        if (files.isEmpty() || files.stream().anyMatch(file -> file.stamp().isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(Sha256.hexOf(
                files.stream().map(file -> file.stamp().orElseThrow().text()).collect(Collectors.joining("\n"))));
    }

    /**
     * A SHA-256 in hexadecimal over all bytes of all files, which are read from first to last on this thread.
     *
     * @param goesOn asked after every megabyte
     * @return empty when it did not go on, or when a file is no longer what {@link #stamp()} told of
     * @throws IllegalStateException when the checkpoint is closed
     */
    public Optional<String> contentHash(BooleanSupplier goesOn) {
        MessageDigest digest = Sha256.digest();
        byte[] piece = new byte[PIECE_BYTES];
        for (Mapped file : files) {
            long bytes = file.bytes().byteSize();
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes).flip());
            for (long from = 0; from < bytes; from += PIECE_BYTES) {
                if (!goesOn.getAsBoolean()) {
                    return Optional.empty();
                }
                int length = (int) Math.min(PIECE_BYTES, bytes - from);
                MemorySegment.copy(file.bytes(), from, MemorySegment.ofArray(piece), 0, length);
                digest.update(piece, 0, length);
            }
        }
        boolean unchanged = !files.isEmpty() && files.stream().allMatch(Mapped::isUnchanged);
        return unchanged ? Optional.of(HexFormat.of().formatHex(digest.digest())) : Optional.empty();
    }
}
