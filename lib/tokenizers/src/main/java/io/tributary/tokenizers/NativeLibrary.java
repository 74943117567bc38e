package io.tributary.tokenizers;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads the engine's native library. Unless the environment or a system property names a cache (DJL_CACHE_DIR), it is
 * unpacked into a private temporary directory that is gone again once it is loaded: nothing is left in the home
 * directory, nobody can slip in a library of theirs, and several class loaders of one process don't collide.
 */
final class NativeLibrary {
    private static final String CACHE = "DJL_CACHE_DIR";
    private static final String ENGINE_CACHE = "ENGINE_CACHE_DIR";

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads the library, once.
     *
     * @throws IllegalStateException if this machine cannot load it; every further call fails too
     */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        System.setProperty("RUST_FLAVOR", "cpu");
        System.setProperty("ai.djl.offline", "true");
        if (isNamed(CACHE) || isNamed(ENGINE_CACHE)) {
            unpackAndLoad();
        } else {
            loadFromTemporaryDirectory();
        }
        loaded = true;
    }

    private static boolean isNamed(String variable) {
        return System.getenv(variable) != null || System.getProperty(variable) != null;
    }

    private static void loadFromTemporaryDirectory() {
        Path directory = temporaryDirectory();
        System.setProperty(CACHE, directory.toString());
        try {
            unpackAndLoad();
        } finally {
            System.clearProperty(CACHE);
            delete(directory);
        }
    }

    private static void unpackAndLoad() {
        try {
            LibUtils.checkStatus();
        } catch (EngineException | LinkageError failure) {
            throw new IllegalStateException(
                    "the tokenizer's native library cannot be loaded on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch")
                            + "; it exists for Linux (x86-64, ARM64; glibc), macOS (ARM64)"
                            + " and Windows (x86-64), and the directory it is unpacked in must allow execution",
                    failure);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory(temporaryName());
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "the tokenizer's native library needs a directory to be unpacked in: make "
                            + System.getProperty("java.io.tmpdir") + " (java.io.tmpdir) writable, or set " + CACHE,
                    failure);
        }
    }

    /** How the names of this process's temporary directories begin. */
    static String temporaryName() {
        return "tributary-tokenizer-" + ProcessHandle.current().pid() + "-";
    }

    /** Deletes what it can now; Windows keeps a loaded library, which goes with the process then. */
    private static void delete(Path directory) {
        List<Path> parentsFirst = contents(directory);
        for (Path path : parentsFirst.reversed()) {
            try {
                Files.delete(path);
            } catch (IOException kept) {
                parentsFirst.forEach(rest -> rest.toFile().deleteOnExit());
                return;
            }
        }
    }

    private static List<Path> contents(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.sorted(Comparator.naturalOrder()).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot clean up " + directory, failure);
        }
    }
}
