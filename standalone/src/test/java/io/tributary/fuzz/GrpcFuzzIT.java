package io.tributary.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.tributary.proto.gateway.v1.Gateway;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No message makes the gateway's methods fail, and the next good request works. */
class GrpcFuzzIT {
    private static final long SEED = 20_264;
    private static final int ROUNDS = 120;
    private static final int DEADLINE_SECONDS = 20;
    private static final int MOST_RESPONSES = 3;
    private static final int MOST_MESSAGES = 3;

    /** What a fault of the server is told as. A resumed session that nobody knows is NOT_FOUND, and so on. */
    private static final Set<Status.Code> FAULTS =
            EnumSet.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.DATA_LOSS, Status.Code.DEADLINE_EXCEEDED);

    private static final ServedChatModel SERVED = ServedChatModel.start();
    private static final ManagedChannel CHANNEL = ManagedChannelBuilder.forAddress(
                    "127.0.0.1", SERVED.server().grpcPort())
            .usePlaintext()
            .build();

    static List<String> methods() {
        return Gateway.getDescriptor().findServiceByName("GatewayService").getMethods().stream()
                .map(MethodDescriptor::getName)
                .toList();
    }

    @AfterAll
    static void stop() {
        CHANNEL.shutdownNow();
        SERVED.close();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void strangeMessagesAreRefusedOrAnsweredAndNothingElse(String name) throws Exception {
        MethodDescriptor method =
                Gateway.getDescriptor().findServiceByName("GatewayService").findMethodByName(name);
        Random random = new Random(SEED + name.hashCode());
        RandomMessages messages = new RandomMessages(random);
        for (int round = 0; round < ROUNDS; round++) {
            boolean noise = random.nextInt(4) == 0;
            int count = method.isClientStreaming() ? 1 + random.nextInt(MOST_MESSAGES) : 1;
            List<byte[]> requests = IntStream.range(0, count)
                    .mapToObj(_ -> noise
                            ? RandomMessages.bytes(random, 500)
                            : messages.of(method.getInputType()).toByteArray())
                    .toList();
            Status status = call(method, requests);
            String which = "%s, round %d of seed %d: %s".formatted(name, round, SEED, status);
            // A parser's refusal of bytes that are no message is grpc-java's own, and says INTERNAL or CANCELLED.
            assertThat((noise && status.getCode() == Status.Code.INTERNAL) || !FAULTS.contains(status.getCode()))
                    .as(which)
                    .isTrue();
            assertThat(String.valueOf(status.getDescription()))
                    .as(which)
                    .doesNotContain("\tat ")
                    .doesNotContain("java.");
        }
        assertWorks();
    }

    private static void assertWorks() {
        GenerateRequest good = GenerateRequest.newBuilder()
                .setPrompt("In the beginning")
                .setMaxTokens(2)
                .build();
        var responses = GatewayServiceGrpc.newBlockingStub(CHANNEL)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .generate(good);
        int count = 0;
        while (responses.hasNext()) {
            responses.next();
            count++;
        }
        assertThat(count).isEqualTo(4);
    }

    /** Makes a call of raw bytes, and cancels it behind a few responses. OK stands for a call that went well so far. */
    private static Status call(MethodDescriptor method, List<byte[]> requests) throws Exception {
        MethodType type = method.isClientStreaming()
                ? MethodType.BIDI_STREAMING
                : method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
        var descriptor = io.grpc.MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName(method.getService().getFullName() + "/" + method.getName())
                .setRequestMarshaller(new Raw())
                .setResponseMarshaller(new Raw())
                .build();
        ClientCall<byte[], byte[]> call =
                CHANNEL.newCall(descriptor, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
        CompletableFuture<Status> end = new CompletableFuture<>();
        call.start(new FewResponses(call, end), new Metadata());
        call.request(MOST_RESPONSES);
        requests.forEach(call::sendMessage);
        call.halfClose();
        return end.get(2 * DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static final class FewResponses extends ClientCall.Listener<byte[]> {
        private final ClientCall<byte[], byte[]> call;
        private final CompletableFuture<Status> end;
        private int received;

        FewResponses(ClientCall<byte[], byte[]> call, CompletableFuture<Status> end) {
            this.call = call;
            this.end = end;
        }

        @Override
        public void onMessage(byte[] message) {
            received++;
            if (received == MOST_RESPONSES) {
                end.complete(Status.OK);
                call.cancel("seen enough", null);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(status);
        }
    }

    private record Raw() implements io.grpc.MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
