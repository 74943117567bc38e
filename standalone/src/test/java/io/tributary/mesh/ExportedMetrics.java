package io.tributary.mesh;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a process publishes for Prometheus.
 *
 * @param text as it was answered
 */
record ExportedMetrics(String text) {
    static ExportedMetrics scrape(URI metrics) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(metrics)
                    .header("accept", "text/plain")
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return new ExportedMetrics(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
    }

    /** The names of the series, as queries use them. */
    Set<String> names() {
        Set<String> names = new HashSet<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> names.add(line.split("[{ ]", 2)[0]));
        return names;
    }

    /** The types of this mesh's own metrics by name; the maxima beside histograms are left out. */
    Map<String, String> ownTypes() {
        Map<String, String> types = new TreeMap<>();
        text.lines().filter(line -> line.startsWith("# TYPE ")).forEach(line -> {
            List<String> words = Arrays.asList(line.split(" "));
            if (words.get(2).startsWith("vllm:") || words.get(2).startsWith("tributary_")) {
                types.put(words.get(2), words.get(3));
            }
        });
        new TreeSet<>(types.keySet())
                .stream().filter(name -> types.containsKey(name + "_max")).forEach(name -> types.remove(name + "_max"));
        return types;
    }

    /** The value of a series. */
    double value(String series) {
        return text.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series + " in\n" + text));
    }
}
