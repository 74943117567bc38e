package io.tributary.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyRequest;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyResponse;
import io.tributary.proto.tokenizer.v1.TokenizerServiceGrpc;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@SuppressWarnings("NullAway.Init")
class IncrementalDecodingServiceTest {
    private static final long DEADLINE_SECONDS = 20;

    /** In the shipped vocabulary the bytes follow the one special token. */
    private static final int FIRST_BYTE_ID = 1;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void eachRequestIsAnsweredInOrderBeforeTheNextIsSent() {
        try (Call<DecodeIncrementallyRequest, DecodeIncrementallyResponse> call = open()) {
            assertThat(call.ask(request(1147).addContextIds(0).build()).getText())
                    .isEqualTo("In");
            assertThat(call.ask(request(259, 0, 1799).build()).getText()).isEqualTo(" the begin");
            assertThat(call.ask(request().build()).getText()).isEmpty();
            DecodeIncrementallyResponse withAlternatives = call.ask(request(1258)
                    .addAlternativeIds(259)
                    .addAlternativeIds(bytes("ÿ")[0])
                    .build());
            assertThat(withAlternatives.getText()).isEqualTo("ning");
            assertThat(withAlternatives.getAlternativePiecesList())
                    .containsExactly(ByteString.copyFromUtf8(" the"), ByteString.copyFrom(new byte[] {(byte) 0xC3}));
        }
    }

    @Test
    void noAnswerEndsInsideACharacterAndTheEndReplacesWhatIsIncomplete() {
        int[] smile = bytes("😀");
        try (Call<DecodeIncrementallyRequest, DecodeIncrementallyResponse> call = open()) {
            assertThat(call.ask(request(smile[0], smile[1]).build()).getText()).isEmpty();
            assertThat(call.ask(request(smile[2], smile[3], smile[0]).build()).getText())
                    .isEqualTo("😀");
            assertThat(call.ask(request().setEndOfSequence(true).build()).getText())
                    .isEqualTo("\uFFFD");
            call.send(request(1147).build());
            assertThat(call.refusal()).extracting(Status::getCode).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void aCharacterThatBeginsInTheContextIsCompleted() {
        int[] smile = bytes("😀");
        try (Call<DecodeIncrementallyRequest, DecodeIncrementallyResponse> call = open()) {
            DecodeIncrementallyRequest first = request(smile[2], smile[3])
                    .addContextIds(smile[0])
                    .addContextIds(smile[1])
                    .build();
            assertThat(call.ask(first).getText()).isEqualTo("😀");
        }
    }

    @Test
    void aLargeRequestIsAnsweredInItsPlace() {
        try (Call<DecodeIncrementallyRequest, DecodeIncrementallyResponse> call = open()) {
            call.send(request(new int[19_000]).build());
            call.send(request(1147).build());
            assertThat(call.next().getText()).isEmpty();
            assertThat(call.next().getText()).isEqualTo("In");
        }
    }

    @Test
    void whatIsWrongIsNamedWithItsField() {
        assertRefused("ids: the id 2048 is no token", request(2048).build());
        assertRefused(
                "alternative_ids: the id 9999",
                request().addAlternativeIds(9999).build());
        assertRefused("context_ids: the id 3000", request().addContextIds(3000).build());
        DecodeIncrementallyRequest withContext = request().addContextIds(1).build();
        assertRefused("context_ids: only the first request", withContext, withContext);
    }

    @Test
    void reflectionListsTheService() {
        try (Call<ServerReflectionRequest, ServerReflectionResponse> call =
                new Call<>(ServerReflectionGrpc.newStub(channel)::serverReflectionInfo)) {
            ServerReflectionResponse response = call.ask(
                    ServerReflectionRequest.newBuilder().setListServices("").build());
            assertThat(response.getListServicesResponse().getServiceList())
                    .anyMatch(service -> service.getName().equals(TokenizerServiceGrpc.SERVICE_NAME));
        }
    }

    private void assertRefused(String message, DecodeIncrementallyRequest... requests) {
        try (Call<DecodeIncrementallyRequest, DecodeIncrementallyResponse> call = open()) {
            List.of(requests).forEach(call::send);
            for (int answered = 1; answered < requests.length; answered++) {
                call.next();
            }
            Status status = call.refusal();
            assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(status.getDescription()).contains(message);
        }
    }

    private static DecodeIncrementallyRequest.Builder request(int... ids) {
        DecodeIncrementallyRequest.Builder request = DecodeIncrementallyRequest.newBuilder();
        for (int id : ids) {
            request.addIds(id);
        }
        return request;
    }

    private static int[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int index = 0; index < ids.length; index++) {
            ids[index] = FIRST_BYTE_ID + Byte.toUnsignedInt(bytes[index]);
        }
        return ids;
    }

    private Call<DecodeIncrementallyRequest, DecodeIncrementallyResponse> open() {
        return new Call<>(TokenizerServiceGrpc.newStub(channel)::decodeIncrementally);
    }

    /** One bidirectional call, whose answers are waited for with a deadline. */
    private static final class Call<I, O> implements StreamObserver<O>, AutoCloseable {
        private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        private final StreamObserver<I> requests;

        Call(Function<StreamObserver<O>, StreamObserver<I>> method) {
            requests = method.apply(this);
        }

        void send(I request) {
            requests.onNext(request);
        }

        O ask(I request) {
            send(request);
            return next();
        }

        @SuppressWarnings("unchecked")
        O next() {
            Object event = event();
            if (event instanceof Status status) {
                throw new AssertionError("the call was refused: " + status);
            }
            return (O) event;
        }

        Status refusal() {
            return (Status) event();
        }

        private Object event() {
            try {
                Object event = events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
                if (event == null) {
                    throw new AssertionError("no answer within " + DEADLINE_SECONDS + " s");
                }
                return event;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", interrupted);
            }
        }

        @Override
        public void onNext(O value) {
            events.add(value);
        }

        @Override
        public void onError(Throwable error) {
            events.add(Status.fromThrowable(error));
        }

        @Override
        public void onCompleted() {
            events.add(Status.OK);
        }

        @Override
        public void close() {
            requests.onCompleted();
        }
    }
}
