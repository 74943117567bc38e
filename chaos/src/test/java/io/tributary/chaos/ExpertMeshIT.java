package io.tributary.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.tributary.chaos.mesh.ExpertShape;
import io.tributary.chaos.mesh.MeshMember;
import io.tributary.chaos.mesh.MeshShape;
import io.tributary.chaos.mesh.MeshUnderTest;
import io.tributary.edge.ExpertConfiguration.Transport;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.SamplingParameters;
import io.tributary.proto.gateway.v1.Token;
import io.tributary.proto.gateway.v1.TokenIds;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import io.tributary.proto.router.v1.ShardPlacement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tokens, log-probabilities and logits of a mesh whose experts are computed by shards have the bits of a process that computes
 * them itself, over each transport, by one, two and four shards, and while experts are moved.
 */
class ExpertMeshIT {
    private static final long SEED = 606;
    private static final int SHARDS = 4;
    private static final int LONG_SESSION = 80;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource(names = {"GRPC", "KAFKA"})
    void whereExpertsAreComputedChangesNoBit(Transport transport) {
        ExpertShape experts = new ExpertShape(SHARDS, 1, 1, transport);
        try (MeshUnderTest mesh =
                MeshUnderTest.start(new MeshShape(1, 1, 1).withExperts(experts), Duration.ZERO, directory)) {
            MeshMember standalone = mesh.startStandalone();
            List<List<Token>> direct = answers(standalone.grpcPort(), requests());
            List<Token> directLong =
                    answers(standalone.grpcPort(), List.of(longRequest())).getFirst();
            mesh.remove(standalone);
            int gateway = mesh.gatewayPorts().getFirst();

            assertThat(answers(gateway, requests())).as("4 shards").isEqualTo(direct);
            place(mesh, expert -> expert % 2);
            assertThat(answers(gateway, requests())).as("2 shards").isEqualTo(direct);
            place(mesh, _ -> SHARDS - 1);
            assertThat(answers(gateway, requests())).as("1 shard").isEqualTo(direct);
            assertThat(answerWhileExpertsMove(mesh, gateway))
                    .as("moving experts")
                    .isEqualTo(directLong);
        }
    }

    /** Experts go on from shard to shard for as long as the session is computed, and at least once. */
    private static List<Token> answerWhileExpertsMove(MeshUnderTest mesh, int gateway) {
        CompletableFuture<List<Token>> answer = CompletableFuture.supplyAsync(
                () -> answers(gateway, List.of(longRequest())).getFirst());
        int moves = 0;
        while (!answer.isDone()) {
            int step = moves;
            place(mesh, expert -> (expert + step) % SHARDS);
            moves++;
        }
        assertThat(moves).as("placements during the session").isGreaterThan(1);
        return answer.join();
    }

    /** @param shardOf the shard of each expert */
    private static void place(MeshUnderTest mesh, IntUnaryOperator shardOf) {
        PlaceExpertsRequest.Builder placement = PlaceExpertsRequest.newBuilder();
        for (int shard = 0; shard < SHARDS; shard++) {
            int holder = shard;
            placement.addShards(ShardPlacement.newBuilder()
                    .setShardId(mesh.expertGroups().get(shard).getFirst().name())
                    .addAllExperts(IntStream.range(0, ExpertShape.MOST_GROUPS)
                            .filter(expert -> shardOf.applyAsInt(expert) == holder)
                            .boxed()
                            .toList()));
        }
        ManagedChannel channel = channel(mesh.routers().getFirst().grpcPort());
        try {
            RouterServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE.toSeconds(), TimeUnit.SECONDS)
                    .placeExperts(placement.build());
        } finally {
            channel.shutdownNow();
        }
    }

    /** The answers to requests that are made at the same time. */
    private static List<List<Token>> answers(int port, List<GenerateRequest> requests) {
        ManagedChannel channel = channel(port);
        try {
            List<CompletableFuture<List<Token>>> answers = requests.stream()
                    .map(request -> CompletableFuture.supplyAsync(
                            () -> answer(channel, request),
                            task -> Thread.ofVirtual().start(task)))
                    .toList();
            return answers.stream().map(CompletableFuture::join).toList();
        } finally {
            channel.shutdownNow();
        }
    }

    private static List<Token> answer(ManagedChannel channel, GenerateRequest request) {
        List<Token> tokens = new ArrayList<>();
        Iterator<GenerateResponse> stream = GatewayServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .generate(request);
        stream.forEachRemaining(response -> {
            if (response.hasToken()) {
                tokens.add(response.getToken());
            }
        });
        assertThat(tokens).hasSize(request.getMaxTokens());
        return tokens;
    }

    private static List<GenerateRequest> requests() {
        SplittableRandom random = new SplittableRandom(SEED);
        GenerateRequest greedy = request(random, 30, 8).setIncludeLogits(true).build();
        GenerateRequest sampled = request(random, 100, 20)
                .setTopLogprobs(5)
                .setSampling(SamplingParameters.newBuilder().setTemperature(1).setSeed(SEED))
                .build();
        return List.of(greedy, sampled, request(random, 1, 12).build());
    }

    private static GenerateRequest longRequest() {
        return request(new SplittableRandom(SEED), 10, LONG_SESSION).build();
    }

    private static GenerateRequest.Builder request(SplittableRandom random, int promptTokens, int maximalTokens) {
        TokenIds.Builder prompt = TokenIds.newBuilder();
        random.ints(promptTokens, 0, MeshUnderTest.VOCABULARY).forEach(prompt::addIds);
        return GenerateRequest.newBuilder()
                .setPromptTokens(prompt)
                .setMaxTokens(maximalTokens)
                .setIgnoreEndOfText(true);
    }

    private static ManagedChannel channel(int port) {
        return ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }
}
