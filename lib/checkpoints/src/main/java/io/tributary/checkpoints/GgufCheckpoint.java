package io.tributary.checkpoints;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF file, version 2 or 3, little endian: metadata and tensors in one. Source: docs/gguf.md of
 * github.com/ggml-org/ggml.
 */
public final class GgufCheckpoint implements Checkpoint {
    static final int MAGIC = 0x46554747;
    static final String ALIGNMENT_KEY = "general.alignment";
    static final long DEFAULT_ALIGNMENT = 32;

    private static final int FIRST_VERSION = 2;
    private static final int LAST_VERSION = 3;
    private static final long MAXIMAL_METADATA_BYTES = 1 << 30;
    private static final long MAXIMAL_ALIGNMENT = 1 << 20;
    private static final String SPLIT_COUNT_KEY = "split.count";

    private final Path path;
    private final FileMappings mappings;
    private final GgufMetadata metadata;
    private final MemorySegment metadataBytes;
    private final TensorDirectory tensors;
    private @Nullable String fingerprint;

    private GgufCheckpoint(Path path, FileMappings mappings) {
        this.path = path;
        this.mappings = mappings;
        GgufCursor cursor = new GgufCursor(path, mappings.map(path));
        checkMagic(cursor);
        checkVersion(cursor);
        long tensorCount =
                cursor.count("tensors", TensorDirectory.MAXIMAL_TENSORS, GgufTensorReader.MINIMAL_ENTRY_BYTES);
        long keyCount = cursor.count("keys", GgufMetadataReader.MAXIMAL_KEYS, GgufMetadataReader.MINIMAL_KEY_BYTES);
        long metadataStart = cursor.position();
        metadata = GgufMetadataReader.read(cursor, keyCount);
        metadataBytes = cursor.file().asSlice(metadataStart, cursor.position() - metadataStart);
        if (metadataBytes.byteSize() > MAXIMAL_METADATA_BYTES) {
            throw cursor.malformed("the metadata take " + metadataBytes.byteSize() + " bytes; at most "
                    + MAXIMAL_METADATA_BYTES + " are allowed");
        }
        tensors = GgufTensorReader.read(cursor, tensorCount, alignment(path, metadata));
    }

    /**
     * Maps the file and reads its metadata and its directory of tensors.
     *
     * @throws CheckpointNotFoundException when the file cannot be read
     * @throws MalformedCheckpointException when it breaks the rules of the format
     */
    public static GgufCheckpoint open(Path path) {
        FileMappings mappings = new FileMappings();
        try {
            return new GgufCheckpoint(path, mappings);
        } catch (RuntimeException failure) {
            mappings.close();
            throw failure;
        }
    }

    private static void checkMagic(GgufCursor cursor) {
        int magic = cursor.int32();
        if (magic == Integer.reverseBytes(MAGIC)) {
            throw bigEndian(cursor);
        }
        if (magic != MAGIC) {
            String found = HexFormat.of().toHexDigits(Integer.reverseBytes(magic));
            throw cursor.malformed("a GGUF file begins with the bytes 47475546 (GGUF), this one with " + found);
        }
    }

    private static void checkVersion(GgufCursor cursor) {
        int version = cursor.int32();
        if (version != 0 && (version & 0xFFFF) == 0) {
            throw bigEndian(cursor);
        }
        if (version < FIRST_VERSION || version > LAST_VERSION) {
            throw cursor.malformed("the file is GGUF version " + Integer.toUnsignedString(version)
                    + "; versions 2 and 3 are supported. Convert the model anew");
        }
    }

    private static MalformedCheckpointException bigEndian(GgufCursor cursor) {
        return cursor.malformed("the file is big endian; only little-endian GGUF files are supported."
                + " Convert it with gguf_convert_endian.py of llama.cpp");
    }

    private static long alignment(Path path, GgufMetadata metadata) {
        long alignment = metadata.optionalInteger(ALIGNMENT_KEY).orElse(DEFAULT_ALIGNMENT);
        if (alignment < 1 || alignment > MAXIMAL_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw new MalformedCheckpointException(
                    path,
                    "the key '" + ALIGNMENT_KEY + "' is " + alignment + "; wanted is a power of two up to "
                            + MAXIMAL_ALIGNMENT);
        }
        return alignment;
    }

    /** The configuration, the tokenizer and what else the file says of itself. */
    public GgufMetadata metadata() {
        return metadata;
    }

    @Override
    public Optional<StoredTensor> tensor(String name) {
        return tensors.find(name);
    }

    @Override
    public StoredTensor require(String name) {
        long parts = metadata.optionalInteger(SPLIT_COUNT_KEY).orElse(0);
        if (parts > 1 && !tensors.contains(name)) {
            throw new MissingTensorException(
                    path,
                    name,
                    "this file is one of the " + parts
                            + " parts of a model, which must be merged first (llama-gguf-split --merge)");
        }
        return tensors.require(name, path);
    }

    @Override
    public Collection<String> tensorNames() {
        return tensors.names();
    }

    @Override
    public synchronized String fingerprint() {
        if (fingerprint == null) {
            fingerprint = Fingerprint.of(metadataBytes.asByteBuffer(), tensors);
        }
        return fingerprint;
    }

    @Override
    public WeightFiles weightFiles() {
        return mappings.files();
    }

    @Override
    public String name() {
        return CheckpointName.of(path);
    }

    @Override
    public void close() {
        mappings.close();
    }
}
