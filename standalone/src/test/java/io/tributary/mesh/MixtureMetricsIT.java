package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.tributary.cli.ServedModel;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.router.v1.DescribeExpertsRequest;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a mesh with experts publishes, which is all that any publishes, against what the dashboard asks for and the
 * documentation says.
 */
class MixtureMetricsIT {
    private static final Path ROOT = Path.of(System.getProperty("tributary.root"));
    private static final Pattern METRIC = Pattern.compile("(?:vllm:|tributary_)[a-z0-9_]+");

    @TempDir
    private static Path directory = Path.of("");

    private static @Nullable ServedModel served;

    private final ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", served().grpcPort())
            .usePlaintext()
            .build();
    private final URI metrics = URI.create("http://127.0.0.1:" + served().httpPort() + "/q/metrics");

    @BeforeAll
    static void serve() {
        served = ServedModel.start(MixtureModel.write(directory.resolve("mixture")));
    }

    @AfterAll
    static void stop() {
        served().close();
    }

    private static ServedModel served() {
        return Objects.requireNonNull(served, "a served model");
    }

    /** A router has metrics once it is loaded, which is with its first call where stages compute their own experts. */
    @BeforeEach
    void loadRouter() {
        var _ = RouterServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .describeExperts(DescribeExpertsRequest.getDefaultInstance());
    }

    @BeforeEach
    void generate() {
        var _ = Streams.read(
                GatewayServiceGrpc.newBlockingStub(channel),
                GenerateRequest.newBuilder()
                        .setPrompt("In the beginning")
                        .setMaxTokens(3)
                        .build());
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    void everyPositionOfALayerIsCountedWithTheExpertsAndThePairThatItGot() throws Exception {
        ExportedMetrics before = ExportedMetrics.scrape(metrics);
        generate();
        ExportedMetrics after = ExportedMetrics.scrape(metrics);

        for (int layer : MixtureModel.EXPERT_LAYERS) {
            String positions = "tributary_experts_positions_total" + labels(layer);
            String overflow = "tributary_experts_overflow_total" + labels(layer);
            double counted = after.value(positions) - before.value(positions);
            assertThat(counted).isPositive();
            assertThat(sum(after, chosen(layer)) - sum(before, chosen(layer))).isEqualTo(counted * MixtureModel.CHOSEN);
            assertThat(sum(after, pairs(layer)) - sum(before, pairs(layer))).isEqualTo(counted);
            assertThat(after.value(overflow)).isZero();
        }
    }

    @Test
    void balanceIsThatOfTheCountsBesideIt() throws Exception {
        ExportedMetrics published = ExportedMetrics.scrape(metrics);

        double all = sum(published, chosen(0));
        double most = chosen(0).stream().mapToDouble(published::value).max().orElseThrow();
        double entropy = chosen(0).stream()
                .mapToDouble(series -> published.value(series) / all)
                .filter(share -> share > 0)
                .map(share -> -share * Math.log(share) / Math.log(2))
                .sum();
        double together = pairs(0).stream().mapToDouble(published::value).max().orElseThrow();
        double positions = published.value("tributary_experts_positions_total" + labels(0));
        assertThat(published.value("tributary_experts_imbalance" + labels(0)))
                .isCloseTo(most / all * MixtureModel.EXPERTS, within(1e-9));
        assertThat(published.value("tributary_experts_entropy_bits" + labels(0)))
                .isCloseTo(entropy, within(1e-9));
        assertThat(published.value("tributary_experts_top_pair_share" + labels(0)))
                .isCloseTo(together / positions, within(1e-9));
    }

    @Test
    void everyMetricOfTheDashboardIsPublished() throws Exception {
        Set<String> published = ExportedMetrics.scrape(metrics).names();
        List<String> queries = queries(ROOT.resolve("k8s/monitoring/tributary-dashboard.json"));

        assertThat(queries)
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        query -> assertThat(names(query)).as(query).isNotEmpty().isSubsetOf(published));
    }

    @Test
    void theDocumentationNamesEveryMetricAndNoOther() throws Exception {
        String table = Files.readString(ROOT.resolve("docs/observability.md"));

        assertThat(names(table))
                .isEqualTo(ExportedMetrics.scrape(metrics).ownTypes().keySet());
    }

    private static String labels(int layer) {
        return "{layer=\"%d\",model_name=\"mixture\",}".formatted(layer);
    }

    private static List<String> chosen(int layer) {
        return IntStream.range(0, MixtureModel.EXPERTS)
                .mapToObj(expert -> "tributary_experts_chosen_total{expert=\"%d\",layer=\"%d\",model_name=\"mixture\",}"
                        .formatted(expert, layer))
                .toList();
    }

    private static List<String> pairs(int layer) {
        List<String> series = new ArrayList<>();
        for (int first = 0; first < MixtureModel.EXPERTS; first++) {
            for (int second = first + 1; second < MixtureModel.EXPERTS; second++) {
                series.add(
                        "tributary_experts_pairs_total{first=\"%d\",layer=\"%d\",model_name=\"mixture\",second=\"%d\",}"
                                .formatted(first, layer, second));
            }
        }
        return series;
    }

    private static double sum(ExportedMetrics metrics, List<String> series) {
        return series.stream().mapToDouble(metrics::value).sum();
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        METRIC.matcher(text).results().forEach(match -> names.add(match.group()));
        return names;
    }

    private static List<String> queries(Path dashboard) throws IOException {
        JsonNode panels = new ObjectMapper().readTree(dashboard.toFile()).get("panels");
        return panels.findValuesAsText("expr");
    }
}
