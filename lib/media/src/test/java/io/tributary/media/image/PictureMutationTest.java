package io.tributary.media.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damages pictures at random: what comes out is a picture within the limits or an {@link ImageException}, at a bounded cost.
 * {@code -Dtributary.test.fuzz-minutes=N} goes on for longer, {@code -Dtributary.test.seed=N} begins at a seed.
 */
@Timeout(value = 120, unit = TimeUnit.MINUTES)
class PictureMutationTest {
    private static final int MUTANTS = 6000;
    private static final ImageLimits LIMITS = new ImageLimits(1 << 20, 2000, 2000, 500_000);

    /** In all, not at once. */
    private static final long MAXIMAL_ALLOCATION = 64 << 20;

    private static final int[] NUMBERS = {0, 1, -1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 1 << 24, 700, 65_500};
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final PictureDecoder decoder = new PictureDecoder(LIMITS);
    private final List<byte[]> corpus = Stream.concat(
                    TestPictures.expected().stream().map(TestPictures.Expected::name),
                    Stream.of("lossy.webp", "lossyalpha.webp"))
            .map(TestPictures::file)
            .toList();
    private int decoded;
    private int refused;

    @Test
    void damagedPicturesAreDecodedOrRefused() {
        long seed = Long.getLong("tributary.test.seed", 20_261_127L);
        long end = System.nanoTime()
                + Duration.ofMinutes(Long.getLong("tributary.test.fuzz-minutes", 0))
                        .toNanos();
        for (long mutant = 0; mutant < MUTANTS || System.nanoTime() < end; mutant++) {
            tryMutant(seed + mutant);
        }
        assertThat(decoded).as("mutants that are still pictures").isGreaterThan(MUTANTS / 100);
        assertThat(refused).as("mutants that are refused").isGreaterThan(MUTANTS / 10);
    }

    private void tryMutant(long seed) {
        byte[] mutant = mutate(new SplittableRandom(seed));
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            Picture picture = decoder.decode(mutant);
            LIMITS.requireSize(ImageFormat.of(mutant), picture.width(), picture.height());
            decoded++;
        } catch (ImageException expected) {
            assertThat(expected.getMessage()).isNotBlank().hasSizeLessThan(4096);
            refused++;
        } catch (RuntimeException | Error failure) {
            throw new AssertionError("-Dtributary.test.seed=" + seed + " gives " + failure, failure);
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated with -Dtributary.test.seed=%d", seed)
                .isLessThan(MAXIMAL_ALLOCATION);
    }

    private byte[] mutate(SplittableRandom random) {
        byte[] mutant = corpus.get(random.nextInt(corpus.size())).clone();
        int changes = 1 + random.nextInt(4);
        for (int change = 0; change < changes && mutant.length > Long.BYTES; change++) {
            int at = place(mutant, random);
            switch (random.nextInt(8)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1, 2 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 3 -> mutant = random.nextInt(4) == 0 ? Arrays.copyOf(mutant, at) : mutant;
                case 4 -> mutant = Arrays.copyOf(mutant, mutant.length + 1 + random.nextInt(64));
                case 5 -> putNumber(mutant, at, random);
                case 6 -> swap(mutant, at, random);
                default -> mutant = withCopiedPart(mutant, at, random);
            }
        }
        if (random.nextInt(4) != 0) {
            repair(mutant);
        }
        return mutant;
    }

    /** Headers are short, and most of what can go wrong is in them. */
    private static int place(byte[] mutant, SplittableRandom random) {
        return random.nextBoolean() ? random.nextInt(mutant.length) : random.nextInt(Math.min(mutant.length, 64));
    }

    private static void putNumber(byte[] mutant, int at, SplittableRandom random) {
        ByteBuffer bytes =
                ByteBuffer.wrap(mutant).order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int number = NUMBERS[random.nextInt(NUMBERS.length)];
        int place = Math.min(at, mutant.length - Integer.BYTES);
        if (random.nextBoolean()) {
            bytes.putInt(place, number);
        } else {
            bytes.putShort(place, (short) number);
        }
    }

    private static void swap(byte[] mutant, int at, SplittableRandom random) {
        int length = 1 + random.nextInt(Math.min(32, mutant.length - at));
        int other = random.nextInt(mutant.length - length + 1);
        byte[] kept = Arrays.copyOfRange(mutant, at, at + length);
        System.arraycopy(mutant, other, mutant, at, length);
        System.arraycopy(kept, 0, mutant, other, length);
    }

    private static byte[] withCopiedPart(byte[] mutant, int at, SplittableRandom random) {
        int length = Math.min(mutant.length - at, 1 + random.nextInt(64));
        int target = random.nextInt(mutant.length);
        ByteBuffer grown = ByteBuffer.allocate(mutant.length + length);
        grown.put(mutant, 0, target).put(mutant, at, length).put(mutant, target, mutant.length - target);
        return grown.array();
    }

    /** Makes the checksums of a PNG file and the length of a WebP file right, so that damage gets further. */
    private static void repair(byte[] mutant) {
        if (ImageFormat.PNG.begins(mutant)) {
            repairSums(mutant);
        } else if (ImageFormat.WEBP.begins(mutant)) {
            ByteBuffer.wrap(mutant).order(ByteOrder.LITTLE_ENDIAN).putInt(4, mutant.length - 8);
        }
    }

    private static void repairSums(byte[] mutant) {
        ByteBuffer bytes = ByteBuffer.wrap(mutant);
        long at = 8;
        while (at + 12 <= mutant.length) {
            long length = Integer.toUnsignedLong(bytes.getInt((int) at));
            if (at + 12 + length > mutant.length) {
                return;
            }
            CRC32 sum = new CRC32();
            sum.update(mutant, (int) at + 4, (int) length + 4);
            bytes.putInt((int) (at + 8 + length), (int) sum.getValue());
            at += 12 + length;
        }
    }
}
