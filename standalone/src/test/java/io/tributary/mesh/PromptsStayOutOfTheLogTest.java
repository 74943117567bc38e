package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.proto.gateway.v1.CancelRequest;
import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc.GatewayServiceBlockingStub;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.ResumeRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients write is theirs: no line of the log repeats it, whatever is logged and whatever goes wrong. */
@QuarkusTest
class PromptsStayOutOfTheLogTest {
    private static final int PORT = 19107;
    private static final String CANARY = "Zebedee-7Q4";
    private static final Logger OURS = Logger.getLogger("io.tributary");
    private static final Logger ROOT = Logger.getLogger("");

    private final Recorder recorder = new Recorder();
    private final ManagedChannel channel =
            ManagedChannelBuilder.forAddress("127.0.0.1", PORT).usePlaintext().build();

    @BeforeEach
    void logEverything() {
        OURS.setLevel(Level.ALL);
        ROOT.addHandler(recorder);
    }

    @AfterEach
    void stop() {
        ROOT.removeHandler(recorder);
        OURS.setLevel(null);
        channel.shutdownNow();
    }

    private GatewayServiceBlockingStub gateway() {
        return GatewayServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static GenerateRequest.Builder request() {
        return GenerateRequest.newBuilder().setPrompt(CANARY).setMaxTokens(3);
    }

    private void refuse(GenerateRequest.Builder request) {
        assertThat(catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> gateway().generate(request.build()).next()))
                .as("a refusal")
                .isNotNull();
    }

    @Test
    void theRecorderSeesWhatIsLogged() {
        Logger.getLogger("io.tributary.gateway").log(Level.DEBUG, CANARY, new IllegalStateException(CANARY));

        assertThat(recorder.texts()).anyMatch(text -> text.contains(CANARY));
    }

    @Test
    void aStreamThatSucceedsLeavesNoTextInTheLog() {
        assertThat(Streams.read(gateway(), request().addStop(CANARY).build()).tokens())
                .isNotEmpty();

        assertThat(recorder.texts()).noneMatch(text -> text.contains(CANARY));
    }

    @Test
    void requestsThatFailLeaveNoTextInTheLog() {
        refuse(request().setPrompt((CANARY + " ").repeat(200)));
        refuse(request().setMaxTokens(0));
        refuse(request().addStop(CANARY.repeat(100)));
        refuse(request().setSampling(SamplingParameters.newBuilder().setTemperature(-1)));
        refuse(request()
                .setChat(ChatPrompt.newBuilder()
                        .addMessages(ChatMessage.newBuilder().setRole(CANARY).setContent(CANARY))
                        .setTemplateVariables("{\"" + CANARY)));
        assertThat(catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> gateway()
                                .cancel(CancelRequest.newBuilder()
                                        .setSessionId(CANARY)
                                        .build())))
                .isNotNull();
        assertThat(catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> gateway()
                                .resume(ResumeRequest.newBuilder()
                                        .setSessionId(CANARY)
                                        .build())
                                .next()))
                .isNotNull();
        assertThat(catchThrowableOfType(StatusRuntimeException.class, this::callWithBytesThatAreNoRequest))
                .isNotNull();

        assertThat(recorder.texts()).noneMatch(text -> text.contains(CANARY));
    }

    /** A message whose text is longer than it is. */
    private void callWithBytesThatAreNoRequest() {
        byte[] truncated = request().build().toByteArray();
        truncated[1]++;
        ByteString unreadable = ByteString.copyFrom(truncated, 0, CANARY.length() + 2);
        MethodDescriptor<ByteString, InputStream> method = MethodDescriptor.<ByteString, InputStream>newBuilder()
                .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                .setFullMethodName(GatewayServiceGrpc.getGenerateMethod().getFullMethodName())
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Streamed())
                .build();
        ClientCalls.blockingServerStreamingCall(
                        channel, method, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS), unreadable)
                .next();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<ByteString> {
        @Override
        public InputStream stream(ByteString bytes) {
            return new ByteArrayInputStream(bytes.toByteArray());
        }

        @Override
        public ByteString parse(InputStream stream) {
            throw new UnsupportedOperationException("requests are only sent");
        }
    }

    private static final class Streamed implements MethodDescriptor.Marshaller<InputStream> {
        @Override
        public InputStream stream(InputStream stream) {
            throw new UnsupportedOperationException("responses are only received");
        }

        @Override
        public InputStream parse(InputStream stream) {
            return stream;
        }
    }

    /** Keeps what a log file would show. */
    private static final class Recorder extends Handler {
        private static final PatternFormatter MESSAGE_AND_STACK_TRACE = new PatternFormatter("%s%e");

        private final Queue<String> texts = new ConcurrentLinkedQueue<>();

        List<String> texts() {
            return List.copyOf(texts);
        }

        @Override
        public void publish(LogRecord logged) {
            texts.add(MESSAGE_AND_STACK_TRACE.format(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
