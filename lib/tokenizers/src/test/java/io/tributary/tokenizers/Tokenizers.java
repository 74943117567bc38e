package io.tributary.tokenizers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Opens the vocabularies that several tests look at. */
final class Tokenizers {
    static final int MAXIMAL_TEXT_BYTES = 4 << 20;
    static final Path SHIPPED_MODEL =
            Path.of(Objects.requireNonNull(System.getProperty("tributary.root")), "models", "kjv-2.6m");

    private static final String SEPARATOR = "\n__ggml_vocab_test__\n";
    private static final String GOLDENS = "/goldens/tokenizers/";
    private static final Map<String, Path> UNPACKED = new ConcurrentHashMap<>();

    private Tokenizers() {}

    static Tokenizer open(Path model) {
        return Tokenizer.open(model, MAXIMAL_TEXT_BYTES);
    }

    /** `kjv`, or the name of a golden vocabulary. */
    static Tokenizer named(String name) {
        return open(path(name));
    }

    /** Where `kjv`, `clip`, a SentencePiece model of ours (its directory), or a golden vocabulary, is. */
    static Path path(String name) {
        if (name.equals("kjv")) {
            return SHIPPED_MODEL;
        }
        if (name.equals("clip")) {
            return UNPACKED.computeIfAbsent(name, clip -> ClipVocabulary.write(directory()));
        }
        return name.startsWith("unigram-") || name.startsWith("bpe-")
                ? unpacked("/goldens/sentencepiece/" + name + ".model.gz", "tokenizer.model")
                        .resolveSibling("")
                : unpacked(GOLDENS + name + ".gguf.gz", name + ".gguf");
    }

    /** The 46 texts for which there are golden ids. */
    static List<String> goldenTexts() {
        String all = new String(resource(GOLDENS + "texts.inp"), StandardCharsets.UTF_8);
        return Arrays.asList(all.substring(0, all.length() - SEPARATOR.length()).split(SEPARATOR, -1));
    }

    /** Their ids. */
    static List<int[]> goldenIds(String vocabulary) {
        return new String(resource(GOLDENS + vocabulary + ".out"), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .map(line -> line.isEmpty()
                        ? new int[0]
                        : Arrays.stream(line.split(" ", -1))
                                .mapToInt(Integer::parseInt)
                                .toArray())
                .toList();
    }

    static byte[] resource(String name) {
        try {
            return Files.readAllBytes(Path.of(Objects.requireNonNull(Tokenizers.class.getResource(name), name)
                    .toURI()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] decompressed(String name) {
        try (InputStream input =
                new GZIPInputStream(Objects.requireNonNull(Tokenizers.class.getResourceAsStream(name), name))) {
            return input.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A compressed resource as a file in a directory of its own, once a process. */
    private static Path unpacked(String resource, String file) {
        return UNPACKED.computeIfAbsent(resource, name -> {
            try {
                return Files.write(directory().resolve(file), decompressed(name));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    private static Path directory() {
        try {
            Path directory = Files.createTempDirectory("golden-tokenizer-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
