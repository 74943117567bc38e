package io.tributary.bench.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** The results as a table or as one JSON object. */
final class TokenizerReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerReport() {}

    static String table(List<EncodingRate> rates) {
        StringBuilder table =
                new StringBuilder("%-22s %8s %8s %8s %10s".formatted("encode", "MB/s", "slowest", "fastest", "tokens"));
        for (EncodingRate rate : rates) {
            table.append(String.format(
                    Locale.ROOT,
                    "%n%-22s %8.2f %8.2f %8.2f %10d",
                    rate.name(),
                    rate.megabytesPerSecond(),
                    rate.slowest(),
                    rate.fastest(),
                    rate.tokens()));
        }
        if (rates.size() == 1) {
            table.append("%nThe Hugging Face library has no figure: it reads a tokenizer.json only.".formatted());
        }
        return table.toString();
    }

    static String json(List<EncodingRate> rates) {
        ObjectNode report = JSON.createObjectNode();
        for (EncodingRate rate : rates) {
            report.putObject(rate.name())
                    .put("megabytes_per_second", rate.megabytesPerSecond())
                    .put("slowest", rate.slowest())
                    .put("fastest", rate.fastest())
                    .put("tokens", rate.tokens());
        }
        return report.toString();
    }
}
