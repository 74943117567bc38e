package io.tributary.bench.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.tributary.bench.BenchException;
import io.tributary.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Encodes a text with our tokenizer and with the Hugging Face library's own Java class, in turns, so that both see the same
 * machine. The library reads a tokenizer.json only; for other models ours is measured alone.
 */
final class TokenizerBenchmark {
    private static final String TOKENIZER_JSON = "tokenizer.json";
    private static final int WARMUPS = 3;
    private static final int ROUNDS = 7;

    /** No round is shorter, so that the clock and single pauses matter little. */
    private static final long LEAST_NANOSECONDS = 200_000_000;

    private final Path model;
    private final String text;
    private final int bytes;

    TokenizerBenchmark(Path model, String text) {
        this.model = model;
        this.text = text;
        bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0) {
            throw new BenchException("the text is empty; there is nothing to encode");
        }
    }

    /** A way to encode. */
    private interface Encoding {
        int[] ids(String text);
    }

    private static final class Way {
        private final String name;
        private final Encoding encoding;
        private final long[] times = new long[ROUNDS];

        Way(String name, Encoding encoding) {
            this.name = name;
            this.encoding = encoding;
        }
    }

    /**
     * Measures.
     *
     * @throws BenchException when the two give different ids, so that a comparison would mean nothing
     * @throws io.tributary.tokenizers.TokenizerException when the model has no tokenizer that can be used
     */
    List<EncodingRate> run() {
        try (Tokenizer ours = Tokenizer.open(model, Math.max(bytes, 1));
                Peer peer = new Peer(model)) {
            List<Way> ways = new ArrayList<>(List.of(new Way("tributary", whole -> ours.encode(whole, false))));
            peer.library.ifPresent(library -> ways.add(new Way("HuggingFaceTokenizer", whole -> ids(library, whole))));
            int[] expected = ways.getFirst().encoding.ids(text);
            ways.forEach(way -> requireSame(expected, way));
            measure(ways);
            return ways.stream()
                    .map(way -> EncodingRate.of(way.name, bytes, way.times, expected.length))
                    .toList();
        }
    }

    private void requireSame(int[] expected, Way way) {
        int[] actual = way.encoding.ids(text);
        int difference = Arrays.mismatch(expected, actual);
        if (difference >= 0) {
            throw new BenchException(
                    way.name + " gives other ids than tributary, from the token " + difference
                            + " on; a text with names of special tokens in it, which are text to tributary only, can't be compared");
        }
    }

    private void measure(List<Way> ways) {
        for (int round = -WARMUPS; round < ROUNDS; round++) {
            for (Way way : ways) {
                long time = time(way.encoding);
                if (round >= 0) {
                    way.times[round] = time;
                }
            }
        }
    }

    /** The time of one encoding, in nanoseconds, from as many as fill a round. */
    private long time(Encoding encoding) {
        int count = 0;
        long start = System.nanoTime();
        long elapsed;
        do {
            encoding.ids(text);
            count++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < LEAST_NANOSECONDS);
        return elapsed / count;
    }

    private static int[] ids(HuggingFaceTokenizer library, String text) {
        long[] wide = library.encode(text, false, false).getIds();
        int[] ids = new int[wide.length];
        for (int index = 0; index < ids.length; index++) {
            ids[index] = Math.toIntExact(wide[index]);
        }
        return ids;
    }

    /** The library with the model's tokenizer.json, if it has one. */
    private static final class Peer implements AutoCloseable {
        private final Optional<HuggingFaceTokenizer> library;

        Peer(Path model) {
            Path directory =
                    Files.isDirectory(model) ? model : model.toAbsolutePath().resolveSibling("");
            Path json = directory.resolve(TOKENIZER_JSON);
            library = Files.exists(json) && !model.toString().endsWith(".gguf")
                    ? Optional.of(open(json))
                    : Optional.empty();
        }

        private static HuggingFaceTokenizer open(Path json) {
            try {
                return HuggingFaceTokenizer.newInstance(
                        json, Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD"));
            } catch (IOException failure) {
                throw new BenchException("the Hugging Face library can't read " + json, failure);
            }
        }

        @Override
        public void close() {
            library.ifPresent(HuggingFaceTokenizer::close);
        }
    }
}
