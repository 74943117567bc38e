package io.tributary.bench.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a result file of `bench model --json` says; all rates are medians in tokens a second.
 *
 * @param name of the model
 * @param threads that it was measured with
 * @param prompt tokens of a prompt
 * @param ours rates of this engine
 * @param peer rates of the peer, all empty when there was none
 * @param bytesPerDecodedToken bytes of weights that a decoded token reads
 * @param multiplyAddsPerToken multiply-adds with weights for each token of a prompt
 * @param readBytesPerSecond limit of the memory
 * @param operationsPerSecond limit of the arithmetic
 */
record MeasuredModel(
        String name,
        int threads,
        int prompt,
        TokenRates ours,
        TokenRates peer,
        double bytesPerDecodedToken,
        double multiplyAddsPerToken,
        double readBytesPerSecond,
        double operationsPerSecond) {
    private static final long LARGEST_FILE = 1 << 20;

    /**
     * Tokens a second.
     *
     * @param prefill NaN when it was not measured
     * @param decode all sequences together, by how many there were
     */
    record TokenRates(double prefill, SortedMap<Integer, Double> decode) {
        private static TokenRates of(JsonNode rates) {
            SortedMap<Integer, Double> decode = new TreeMap<>();
            if (rates.path("decode").has("median")) {
                decode.put(1, median(rates.path("decode")));
            }
            rates.path("parallel").properties().forEach(entry -> {
                if (!entry.getKey().equals("1")) {
                    decode.put(Integer.valueOf(entry.getKey()), median(entry.getValue()));
                }
            });
            return new TokenRates(rates.path("prefill").path("median").asDouble(Double.NaN), decode);
        }
    }

    /**
     * Reads a result file.
     *
     * @throws BenchException when it is no result of `bench model --json`
     */
    static MeasuredModel read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
            throw new BenchException(file + " is no file of at most 1 MiB; give the output of `bench model --json`");
        }
        try {
            JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
            JsonNode limits = root.path("limits");
            JsonNode weights = root.path("weights");
            return new MeasuredModel(
                    root.required("model").asText(),
                    root.required("threads").asInt(),
                    root.required("prompt").asInt(),
                    TokenRates.of(root),
                    TokenRates.of(root.path("peer")),
                    weights.required("bytes_per_decoded_token").asDouble(),
                    weights.required("multiply_adds_per_prompt_token").asDouble(),
                    median(limits.required("read_bytes_per_second")),
                    median(limits.required("operations_per_second")));
        } catch (JsonProcessingException | IllegalArgumentException notAResult) {
            throw new BenchException(
                    file + " is not what `bench model --json` prints: " + notAResult.getMessage(), notAResult);
        }
    }

    private static double median(JsonNode rates) {
        return rates.required("median").asDouble();
    }
}
