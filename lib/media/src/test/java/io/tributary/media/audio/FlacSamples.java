package io.tributary.media.audio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Tones with noise, encoded by libsndfile 1.2.2 (libFLAC). */
final class FlacSamples {
    private FlacSamples() {}

    static byte[] file(String name) {
        try (InputStream in = Objects.requireNonNull(
                FlacSamples.class.getResourceAsStream("/audio/" + name + ".flac"), () -> name + ".flac")) {
            return in.readAllBytes();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
