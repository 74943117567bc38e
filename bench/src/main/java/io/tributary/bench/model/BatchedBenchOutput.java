package io.tributary.bench.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.bench.BenchException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What llama-batched-bench prints with {@code --output-format jsonl}: one object a line for each number of sequences. */
final class BatchedBenchOutput {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BatchedBenchOutput() {}

    /**
     * Tokens that all sequences together generate in a second, by their number. Lines that are no objects are notices.
     *
     * @throws BenchException when a number of sequences is missing
     */
    static SortedMap<Integer, Double> parse(String output, List<Integer> wanted) {
        SortedMap<Integer, Double> rates = new TreeMap<>();
        output.lines().filter(line -> line.startsWith("{")).forEach(line -> {
            JsonNode result = object(line);
            rates.put(result.path("pl").asInt(), result.path("speed_tg").asDouble());
        });
        for (int sequences : wanted) {
            if (!(rates.getOrDefault(sequences, 0.0) > 0)) {
                throw new BenchException("llama-batched-bench reported no speed_tg above 0 for " + sequences
                        + " sequences, but for " + rates);
            }
        }
        return rates;
    }

    private static JsonNode object(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException malformed) {
            throw new BenchException("llama-batched-bench printed a line that is no JSON object: " + line, malformed);
        }
    }
}
