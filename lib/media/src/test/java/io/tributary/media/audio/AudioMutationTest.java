package io.tributary.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Files damaged at random become sound or a typed error, within the limits. {@code -Dtributary.fuzz.seconds} makes a run
 * longer, {@code -Dtributary.fuzz.seed} makes it another.
 */
class AudioMutationTest {
    private static final AudioLimits LIMITS = new AudioLimits(1 << 20, 60, 192_000, 8, 1 << 20);
    private static final long SECONDS = Long.getLong("tributary.fuzz.seconds", 1);
    private static final long FIRST_SEED = Long.getLong("tributary.fuzz.seed", 1);

    @Test
    void damagedFilesBecomeSoundOrATypedError() {
        List<byte[]> files = files();
        AudioDecoder decoder = new AudioDecoder(LIMITS);
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        long sounds = 0;
        long errors = 0;
        for (long seed = FIRST_SEED; System.nanoTime() < end; seed++) {
            byte[] file = mutate(files, seed);
            try {
                check(decoder.decode(file), seed);
                sounds++;
            } catch (AudioException expected) {
                assertThat(expected.getMessage()).as("seed %s", seed).isNotBlank();
                errors++;
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError unexpected) {
                fail("seed " + seed + " (" + file.length + " bytes)", unexpected);
            }
        }

        assertThat(sounds).as("files that became sound").isPositive();
        assertThat(errors).as("files that were refused").isPositive();
    }

    private static void check(Sound sound, long seed) {
        assertThat((long) sound.length() * sound.channels()).as("seed %s", seed).isLessThanOrEqualTo(1 << 20);
        for (int channel = 0; channel < sound.channels(); channel++) {
            for (float sample : sound.channel(channel)) {
                if (!Float.isFinite(sample)) {
                    fail("seed " + seed + ": sample " + sample);
                }
            }
        }
    }

    private static List<byte[]> files() {
        List<byte[]> files = new ArrayList<>();
        for (String name : new String[] {"mono16", "stereo16", "stereo24", "mono8", "six16"}) {
            files.add(FlacSamples.file(name));
        }
        byte[] data = new byte[480];
        new SplittableRandom(1).nextBytes(data);
        for (int bits : new int[] {8, 16, 24, 32}) {
            files.add(WavBytes.of(1, bits, 16000, 2, data));
        }
        files.add(WavBytes.of(3, 32, 16000, 1, new byte[480]));
        files.add(new WavBytes()
                .chunk("LIST", new byte[5])
                .extensible(3, 48000, 1, 64)
                .chunk("data", new byte[480])
                .file());
        return files;
    }

    private static byte[] mutate(List<byte[]> files, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] file = files.get(random.nextInt(files.size())).clone();
        int changes = random.nextInt(1, 6);
        // Headers are where lengths and forms stand; most of a file is samples.
        int reach = random.nextBoolean() ? Math.min(file.length, 200) : file.length;
        for (int i = 0; i < changes; i++) {
            int place = random.nextInt(reach);
            switch (random.nextInt(4)) {
                case 0 -> file[place] ^= (byte) (1 << random.nextInt(8));
                case 1 -> file[place] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(file, place, Math.min(file.length, place + random.nextInt(5)), (byte) 0xFF);
                default -> Arrays.fill(file, place, Math.min(file.length, place + random.nextInt(5)), (byte) 0);
            }
        }
        if (random.nextInt(8) == 0) {
            file = Arrays.copyOf(file, random.nextInt(file.length + 100));
        }
        return repairChecksums(file, random);
    }

    /** Makes the checksum of the first frame right again, so that damage gets behind it. */
    private static byte[] repairChecksums(byte[] file, SplittableRandom random) {
        if (!FlacFile.isOne(file) || random.nextInt(4) == 0) {
            return file;
        }
        for (int at = 42; at < file.length - 20; at++) {
            if ((file[at] & 0xFF) == 0xFF && (file[at + 1] & 0xFE) == 0xF8) {
                for (int length = 5; length < 16; length++) {
                    boolean alreadyRight = (file[at + length] & 0xFF) == FlacChecksum.ofHeader(file, at, at + length);
                    if (alreadyRight) {
                        return file;
                    }
                }
                int end = at + 5 + random.nextInt(8);
                file[end] = (byte) FlacChecksum.ofHeader(file, at, end);
                return file;
            }
        }
        return file;
    }
}
