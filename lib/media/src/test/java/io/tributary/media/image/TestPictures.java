package io.tributary.media.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files of src/test/resources/pictures, which its README explains. */
final class TestPictures {
    private TestPictures() {}

    static byte[] file(String name) {
        try (InputStream stream = TestPictures.class.getResourceAsStream("/pictures/" + name)) {
            if (stream == null) {
                throw new AssertionError("no resource is called pictures/" + name);
            }
            return stream.readAllBytes();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** The lines of pixels.txt. */
    static List<Expected> expected() {
        return new String(file("pixels.txt"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(" ", -1))
                .map(line -> new Expected(line[0], Integer.parseInt(line[1]), Integer.parseInt(line[2]), line[3]))
                .toList();
    }

    /** @param sha256 of the RGB bytes */
    record Expected(String name, int width, int height, String sha256) {}
}
