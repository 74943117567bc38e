package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.log.ActivationLog;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc.GatewayServiceBlockingStub;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.PositionRouting;
import io.tributary.proto.gateway.v1.PromptRouting;
import io.tributary.proto.gateway.v1.ResumeRequest;
import io.tributary.proto.gateway.v1.Token;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams that tell which experts were chosen, with a tokenizer and a shard that stand in. */
@QuarkusTest
@WithTestResource(TokenizerStandIn.class)
class RoutingStreamTest {
    private static final String PROMPT = "abcdefg";

    @Inject
    ActivationLog log;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;
    private ShardStandIn shard;

    @BeforeEach
    void open() {
        shard = new ShardStandIn(log);
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() throws InterruptedException {
        channel.shutdownNow();
        shard.close();
    }

    @Test
    void thatOfThePromptComesBeforeTheFirstTokenAndEachTokenHasThatOfThePositionInFrontOfIt() {
        List<GenerateResponse> responses = generate(true);

        assertThat(responses.getFirst().hasStarted()).isTrue();
        assertThat(responses.getLast().hasFinished()).isTrue();
        List<GenerateResponse> between = responses.subList(1, responses.size() - 1);
        assertThat(between.stream().dropWhile(GenerateResponse::hasPromptRouting))
                .isNotEmpty()
                .allMatch(GenerateResponse::hasToken);
        assertThat(routed(between))
                .isEqualTo(positions(0, PROMPT.length() - 1 + tokens(responses).size()));
    }

    @Test
    void aStreamThatIsGoneOnWithGivesTheSameFromAnyPositionOn() {
        List<GenerateResponse> responses = generate(true);
        String session = responses.getFirst().getStarted().getSessionId();
        int end = PROMPT.length() + tokens(responses).size();

        assertThat(resume(session, 0)).isEqualTo(responses);
        for (int next = 1; next < end; next++) {
            List<GenerateResponse> rest = resume(session, next);
            assertThat(tokens(rest))
                    .isEqualTo(tokens(responses).subList(Math.max(0, next - PROMPT.length()), end - PROMPT.length()));
            int firstRouted = next < PROMPT.length() ? Math.min(next, PROMPT.length() - 1) : next - 1;
            assertThat(routed(rest)).isEqualTo(positions(firstRouted, end - 1));
        }
    }

    @Test
    void aStreamThatDoesNotAskForItHasNone() {
        List<GenerateResponse> responses = generate(false);

        assertThat(responses).noneMatch(GenerateResponse::hasPromptRouting);
        assertThat(tokens(responses)).isNotEmpty().noneMatch(Token::hasRouting);
    }

    private GatewayServiceBlockingStub gateway() {
        return GatewayServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private List<GenerateResponse> generate(boolean reportsRouting) {
        return all(gateway()
                .generate(GenerateRequest.newBuilder()
                        .setPrompt(PROMPT)
                        .setReportsRouting(reportsRouting)
                        .build()));
    }

    private List<GenerateResponse> resume(String session, int nextPosition) {
        return all(gateway()
                .resume(ResumeRequest.newBuilder()
                        .setSessionId(session)
                        .setNextPosition(nextPosition)
                        .build()));
    }

    private static List<GenerateResponse> all(Iterator<GenerateResponse> responses) {
        List<GenerateResponse> all = new ArrayList<>();
        responses.forEachRemaining(all::add);
        return all;
    }

    private static List<Token> tokens(List<GenerateResponse> responses) {
        return responses.stream()
                .filter(GenerateResponse::hasToken)
                .map(GenerateResponse::getToken)
                .toList();
    }

    /** The positions that are told of, in order, each of which has the expert of its number. */
    private static List<Integer> routed(List<GenerateResponse> responses) {
        List<Integer> positions = new ArrayList<>();
        for (GenerateResponse response : responses) {
            if (response.hasPromptRouting()) {
                PromptRouting prompt = response.getPromptRouting();
                for (PositionRouting routing : prompt.getPositionsList()) {
                    positions.add(expert(routing));
                }
            } else if (response.hasToken()) {
                positions.add(expert(response.getToken().getRouting()));
            }
        }
        return positions;
    }

    private static int expert(PositionRouting routing) {
        assertThat(routing.getLayersList()).hasSize(1);
        assertThat(routing.getLayers(0).getWeightsList())
                .containsExactly((float) routing.getLayers(0).getExperts(0));
        return routing.getLayers(0).getExperts(0);
    }

    private static List<Integer> positions(int first, int end) {
        return IntStream.range(first, end).boxed().toList();
    }
}
