package io.tributary.models.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDirectoryTest {
    private static final int BLOCK = 4096;

    @TempDir
    Path parent;

    private Path place() {
        return parent.resolve("made").resolve("cache");
    }

    private static String name(String letter) {
        return letter.repeat(64) + ".packed";
    }

    private static boolean write(CacheDirectory directory, String letter, int bytes) throws IOException {
        return directory.write(name(letter), bytes, channel -> {
            channel.write(ByteBuffer.allocate(bytes));
            return true;
        });
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(place())) {
            return files.map(file -> file.getFileName().toString().replaceFirst("(.)\\1{63}\\.packed", "$1"))
                    .sorted()
                    .toList();
        }
    }

    private void lastUsed(String letter, Duration ago) throws IOException {
        Files.setLastModifiedTime(
                place().resolve(name(letter)), FileTime.from(Instant.now().minus(ago)));
    }

    @Test
    void directoryAndFilesAreForTheirOwnerOnly() throws IOException {
        CacheDirectory directory = CacheDirectory.open(place(), 10 * BLOCK);
        assertThat(write(directory, "f", 5)).isTrue();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place().resolve(name("f")))))
                .isEqualTo("rw-------");
        assertThat(names()).containsExactly("f");
    }

    @Test
    void aDirectoryThatOthersMayWriteToIsRefused() throws IOException {
        CacheDirectory.open(place(), BLOCK);
        for (String permissions : List.of("rwxrwx---", "rwx----w-")) {
            Files.setPosixFilePermissions(place(), PosixFilePermissions.fromString(permissions));
            assertThatThrownBy(() -> CacheDirectory.open(place(), BLOCK))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(place().toRealPath().toString())
                    .hasMessageContaining("nobody else may write");
        }
        Files.setPosixFilePermissions(place(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(CacheDirectory.open(place(), BLOCK).read(name("0"))).isEmpty();
    }

    @Test
    void aFileThatOthersMayWriteOrThatIsALinkIsRefused() throws IOException {
        CacheDirectory directory = CacheDirectory.open(place(), 10 * BLOCK);
        write(directory, "f", 5);
        Files.setPosixFilePermissions(place().resolve(name("f")), PosixFilePermissions.fromString("rw-rw----"));
        Path elsewhere = Files.write(parent.resolve("elsewhere"), new byte[5]);
        Files.createSymbolicLink(place().resolve(name("e")), elsewhere);

        assertThatThrownBy(() -> directory.read(name("f"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.read(name("e"))).isInstanceOf(IOException.class);
    }

    @Test
    void somethingElseInPlaceOfTheDirectoryIsRefused() throws IOException {
        Files.createFile(parent.resolve("made"));
        assertThatThrownBy(() -> CacheDirectory.open(place(), BLOCK)).isInstanceOf(IOException.class);
    }

    @Test
    void whatWasUsedLongestAgoMakesRoom() throws IOException {
        CacheDirectory directory = CacheDirectory.open(place(), 3 * BLOCK);
        write(directory, "a", BLOCK);
        write(directory, "b", BLOCK);
        write(directory, "c", 1);
        lastUsed("a", Duration.ofMinutes(3));
        lastUsed("b", Duration.ofMinutes(2));
        lastUsed("c", Duration.ofMinutes(1));
        try (FileChannel used = directory.read(name("a")).orElseThrow()) {
            write(directory, "d", BLOCK);
            assertThat(names()).containsExactly("a", "c", "d");
            assertThat(used.size()).isEqualTo(BLOCK);
        }
        lastUsed("a", Duration.ofMinutes(5));
        lastUsed("d", Duration.ofMinutes(4));
        write(directory, "e", 2 * BLOCK);
        assertThat(names()).containsExactly("c", "e");
        // Replacing a file leaves the others, as far as they fit.
        write(directory, "c", 1);
        assertThat(names()).containsExactly("c", "e");
    }

    @Test
    void whatIsLongerThanTheWholeCacheIsRefusedAndDeletesNothing() throws IOException {
        CacheDirectory directory = CacheDirectory.open(place(), 2 * BLOCK);
        write(directory, "a", BLOCK);
        assertThatThrownBy(() -> write(directory, "b", 2 * BLOCK + 1)).hasMessageContaining("8193");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void whatDoesNotFitOnTheDiskIsNotBegun() throws IOException {
        CacheDirectory directory = CacheDirectory.open(place(), Long.MAX_VALUE / 4);
        assertThatThrownBy(() -> directory.write(name("a"), Long.MAX_VALUE / 8, channel -> {
                    throw new AssertionError("begun");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("free on the disk");
        assertThat(names()).isEmpty();
    }

    @Test
    void aFailedOrUnwantedFileLeavesWhatWasThere() throws IOException {
        CacheDirectory directory = CacheDirectory.open(place(), 10 * BLOCK);
        write(directory, "a", 7);
        assertThatThrownBy(() -> directory.write(name("a"), 9, channel -> {
                    channel.write(ByteBuffer.allocate(9));
                    throw new IOException("No space left on device");
                }))
                .hasMessage("No space left on device");
        assertThat(directory.write(name("a"), 9, channel -> false)).isFalse();
        assertThat(names()).containsExactly("a");
        assertThat(Files.size(place().resolve(name("a")))).isEqualTo(7);
    }

    @Test
    void partialFilesOfTheDeadGoAndThoseOfTheLivingStay() throws IOException {
        CacheDirectory directory = CacheDirectory.open(place(), 10 * BLOCK);
        Path dead = Files.write(place().resolve(name("d") + "123.partial"), new byte[1]);
        Path living = Files.write(place().resolve(name("e") + "123.partial"), new byte[1]);
        Files.setLastModifiedTime(dead, FileTime.from(Instant.now().minus(Duration.ofHours(7))));
        write(directory, "a", 7);
        assertThat(dead).doesNotExist();
        assertThat(living).exists();
    }

    @Test
    void filesOfOthersAreNeitherCountedNorDeleted() throws IOException {
        CacheDirectory directory = CacheDirectory.open(place(), 2 * BLOCK);
        Path letter = Files.write(place().resolve("letter.txt"), new byte[10 * BLOCK]);
        Path partial = Files.write(place().resolve("model.gguf.partial"), new byte[10 * BLOCK]);
        Files.setLastModifiedTime(letter, FileTime.fromMillis(0));
        Files.setLastModifiedTime(partial, FileTime.fromMillis(0));
        for (String written : List.of("a", "b", "c")) {
            write(directory, written, 1);
        }
        assertThat(names()).hasSize(4).contains("letter.txt", "model.gguf.partial", "c");
    }

    @Test
    void theDefaultIsInTheCacheHomeOrTheHomeDirectory() {
        assertThat(PackingCache.defaultDirectory("/x/cache", "/home/a")).contains(Path.of("/x/cache/tributary"));
        assertThat(PackingCache.defaultDirectory(null, "/home/a")).contains(Path.of("/home/a/.cache/tributary"));
        assertThat(PackingCache.defaultDirectory("", "/home/a")).contains(Path.of("/home/a/.cache/tributary"));
        assertThat(PackingCache.defaultDirectory("relative", "/home/a")).contains(Path.of("/home/a/.cache/tributary"));
        assertThat(PackingCache.defaultDirectory(null, "?")).isEqualTo(Optional.empty());
    }
}
