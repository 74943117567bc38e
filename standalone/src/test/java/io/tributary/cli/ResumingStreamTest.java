package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc.GatewayServiceImplBase;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.PositionRouting;
import io.tributary.proto.gateway.v1.PromptRouting;
import io.tributary.proto.gateway.v1.ResumeRequest;
import io.tributary.proto.gateway.v1.Started;
import io.tributary.proto.gateway.v1.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResumingStreamTest {
    private static final int PROMPT = 3;
    private static final int END = 9;

    private final List<Server> servers = new ArrayList<>();
    private final List<RemoteGateway> gateways = new ArrayList<>();

    @AfterEach
    void close() {
        gateways.forEach(RemoteGateway::close);
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void theStreamGoesOnAtTheNextGatewayFromTheTokenThatDidNotArrive() throws IOException {
        connect(new Gateway(5, Status.UNAVAILABLE), new Gateway(7, Status.UNAVAILABLE));

        List<GenerateResponse> responses = generate();

        assertThat(responses).filteredOn(GenerateResponse::hasStarted).hasSize(1);
        assertThat(responses)
                .filteredOn(GenerateResponse::hasToken)
                .extracting(response -> response.getToken().getPosition())
                .containsExactly(3, 4, 5, 6, 7, 8);
        assertThat(responses.getLast().hasFinished()).isTrue();
    }

    @Test
    void theRoutingOfThePromptGoesOnWhereItBroke() throws IOException {
        connect(new Gateway(1, Status.UNAVAILABLE), new Gateway(END, Status.OK));

        assertThat(generate())
                .filteredOn(GenerateResponse::hasPromptRouting)
                .extracting(response -> response.getPromptRouting().getFirstPosition())
                .containsExactly(0, 1);
    }

    @Test
    void whatAnotherGatewayCannotMendEndsTheStream() throws IOException {
        connect(new Gateway(5, Status.FAILED_PRECONDITION), new Gateway(END, Status.OK));

        assertThatThrownBy(this::generate)
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION));
    }

    private List<GenerateResponse> generate() {
        return new ResumingStream(gateways)
                .generate(GenerateRequest.getDefaultInstance())
                .collect()
                .asList()
                .await()
                .indefinitely();
    }

    private void connect(Gateway... services) throws IOException {
        StringBuilder addresses = new StringBuilder();
        for (Gateway service : services) {
            Server server = ServerBuilder.forPort(0).addService(service).build().start();
            servers.add(server);
            addresses
                    .append(addresses.isEmpty() ? "" : ",")
                    .append("127.0.0.1:")
                    .append(server.getPort());
        }
        gateways.addAll(RemoteGateway.connectAll(addresses.toString()));
    }

    /** Streams the same session as all others, with the routing of its prompt, up to a position at which it breaks. */
    private static final class Gateway extends GatewayServiceImplBase {
        private final int breaksAt;
        private final Status status;
        private boolean broken;

        Gateway(int breaksAt, Status status) {
            this.breaksAt = breaksAt;
            this.status = status;
        }

        @Override
        public void generate(GenerateRequest request, StreamObserver<GenerateResponse> client) {
            stream(0, client);
        }

        @Override
        public void resume(ResumeRequest request, StreamObserver<GenerateResponse> client) {
            assertThat(request.getSessionId()).isEqualTo("session");
            stream(request.getNextPosition(), client);
        }

        private void stream(int from, StreamObserver<GenerateResponse> client) {
            client.onNext(GenerateResponse.newBuilder()
                    .setStarted(Started.newBuilder().setSessionId("session"))
                    .build());
            for (int position = from; position < END; position++) {
                if (position == breaksAt && !broken) {
                    broken = true;
                    client.onError(status.asRuntimeException());
                    return;
                }
                if (position != PROMPT - 1) {
                    client.onNext(response(position));
                }
            }
            client.onNext(GenerateResponse.newBuilder()
                    .setFinished(Finished.getDefaultInstance())
                    .build());
            client.onCompleted();
        }

        private static GenerateResponse response(int position) {
            GenerateResponse.Builder response = GenerateResponse.newBuilder();
            if (position >= PROMPT) {
                response.setToken(Token.newBuilder().setPosition(position));
            } else {
                response.setPromptRouting(PromptRouting.newBuilder()
                        .setFirstPosition(position)
                        .addPositions(PositionRouting.getDefaultInstance()));
            }
            return response.build();
        }
    }
}
