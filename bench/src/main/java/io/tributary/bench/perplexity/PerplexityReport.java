package io.tributary.bench.perplexity;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.kernels.KeyValueType;
import java.util.Locale;
import java.util.Map;

/** The results as a table or as one JSON object; with f32 among the types, the others are compared with it. */
final class PerplexityReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PerplexityReport() {}

    static String table(Map<KeyValueType, Surprise> results) {
        StringBuilder table = new StringBuilder("%-5s %10s %10s %8s %10s %12s %12s"
                .formatted("type", "perplexity", "std error", "tokens", "nats", "- f32", "std error"));
        Surprise exact = results.get(KeyValueType.F32);
        results.forEach((type, surprise) -> {
            table.append(String.format(
                    Locale.ROOT,
                    "%n%-5s %10.4f %10.4f %8d %10.6f",
                    name(type),
                    surprise.perplexity(),
                    surprise.perplexityError(),
                    surprise.tokens(),
                    surprise.mean()));
            if (exact != null && type != KeyValueType.F32) {
                Surprise difference = surprise.minus(exact);
                table.append(
                        String.format(Locale.ROOT, " %+12.7f %12.7f", difference.mean(), difference.standardError()));
            }
        });
        return table.toString();
    }

    static String json(Map<KeyValueType, Surprise> results) {
        ObjectNode report = JSON.createObjectNode();
        Surprise exact = results.get(KeyValueType.F32);
        results.forEach((type, surprise) -> {
            ObjectNode node = report.putObject(name(type))
                    .put("perplexity", surprise.perplexity())
                    .put("perplexity_standard_error", surprise.perplexityError())
                    .put("tokens", surprise.tokens())
                    .put("nats", surprise.mean())
                    .put("nats_standard_error", surprise.standardError());
            if (exact != null && type != KeyValueType.F32) {
                Surprise difference = surprise.minus(exact);
                node.put("nats_more_than_f32", difference.mean())
                        .put("nats_more_than_f32_standard_error", difference.standardError());
            }
        });
        return report.toString();
    }

    private static String name(KeyValueType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
