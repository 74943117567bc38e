package io.tributary.media.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResizeTest {
    private static final List<Resampling> FILTERS =
            List.of(Resampling.BICUBIC, Resampling.BILINEAR, Resampling.LANCZOS);

    /** The picture that the README of the resources describes. */
    private static Picture picture(int width, int height) {
        Picture picture = Picture.black(width, height);
        for (int index = 0; index < picture.rgb().length; index++) {
            picture.rgb()[index] = (byte) ((index * 0x9E3779B1) >>> 24);
        }
        return picture;
    }

    private static List<String> resized() {
        return new String(TestPictures.file("resized.txt"), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("resized")
    void everyFilterGivesTheBytesOfPillow(String line) throws Exception {
        String[] fields = line.split(" ", -1);
        int[] sizes = Arrays.stream(fields, 1, 5).mapToInt(Integer::parseInt).toArray();
        Region whole = new Region(0, 0, sizes[2], sizes[3]);
        Picture resized =
                Resize.part(picture(sizes[0], sizes[1]), sizes[2], sizes[3], whole, Resampling.valueOf(fields[0]));
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(resized.rgb());
        assertThat(HexFormat.of().formatHex(sum)).isEqualTo(fields[5]);
    }

    @Test
    void aPartHasThePixelsThatTheWholeHasThere() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            Picture picture = picture(1 + random.nextInt(60), 1 + random.nextInt(60));
            int width = 1 + random.nextInt(80);
            int height = 1 + random.nextInt(80);
            int left = random.nextInt(width);
            int top = random.nextInt(height);
            Region wanted = new Region(left, top, 1 + random.nextInt(width - left), 1 + random.nextInt(height - top));
            Resampling filter = FILTERS.get(random.nextInt(FILTERS.size()));
            Picture whole = Resize.part(picture, width, height, new Region(0, 0, width, height), filter);
            Picture part = Resize.part(picture, width, height, wanted, filter);
            for (int y = 0; y < wanted.height(); y++) {
                int from = whole.offset(left, top + y);
                assertThat(Arrays.copyOfRange(part.rgb(), part.offset(0, y), part.offset(wanted.width(), y)))
                        .as("row %d in round %d of seed %d", y, round, seed)
                        .isEqualTo(Arrays.copyOfRange(whole.rgb(), from, from + wanted.width() * Picture.CHANNELS));
            }
        }
    }
}
