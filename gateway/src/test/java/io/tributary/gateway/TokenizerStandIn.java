package io.tributary.gateway;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.tributary.proto.decoder.v1.DecoderServiceGrpc.DecoderServiceImplBase;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.decoder.v1.DescribeShardResponse;
import io.tributary.proto.decoder.v1.ModelDescription;
import io.tributary.proto.decoder.v1.StageDescription;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateRequest;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateResponse;
import io.tributary.proto.tokenizer.v1.ChatMessage;
import io.tributary.proto.tokenizer.v1.ChatTemplateSource;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyRequest;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyResponse;
import io.tributary.proto.tokenizer.v1.DecodeRequest;
import io.tributary.proto.tokenizer.v1.DecodeResponse;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerRequest;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerResponse;
import io.tributary.proto.tokenizer.v1.EncodeRequest;
import io.tributary.proto.tokenizer.v1.EncodeResponse;
import io.tributary.proto.tokenizer.v1.TokenizerServiceGrpc.TokenizerServiceImplBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Stands in for the services that a gateway calls: a gRPC server on loopback that writes down what the metadata of each
 * call say of its trace.
 */
public final class TokenizerStandIn implements QuarkusTestResourceLifecycleManager {
    static final String MODEL = "stand-in";
    static final int CONTEXT = 64;
    static final int VOCABULARY = 128;

    /** The token in front of a message. */
    static final int BEGIN = 1;

    /** The token behind a message. */
    static final int END = 2;

    /** Read by the test, whose classes another class loader may have loaded: hence text alone. */
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    private final Server server = NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Tokenizer())
            .addService(new Decoder())
            .intercept(new Recorder())
            .build();

    @Override
    public Map<String, String> start() {
        try {
            String port = String.valueOf(server.start().getPort());
            return Map.of(
                    "quarkus.grpc.clients.tokenizer.test-port",
                    port,
                    "quarkus.grpc.clients.decoder.test-port",
                    port,
                    "quarkus.grpc.server.test-port",
                    String.valueOf(unusedPort()),
                    "quarkus.http.test-port",
                    "0",
                    "tributary.log.transport",
                    "in-process",
                    "tributary.model.load-at-start",
                    "false");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(calls, new TestInjector.MatchesType(BlockingQueue.class));
    }

    @Override
    public void stop() {
        server.shutdownNow();
    }

    private final class Recorder implements ServerInterceptor {
        @Override
        public <I, O> ServerCall.Listener<I> interceptCall(
                ServerCall<I, O> call, Metadata metadata, ServerCallHandler<I, O> next) {
            calls.add(call.getMethodDescriptor().getBareMethodName() + " " + value(metadata, "traceparent") + " "
                    + value(metadata, "tracestate"));
            return next.startCall(call, metadata);
        }

        private static String value(Metadata metadata, String name) {
            return String.valueOf(metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
        }
    }

    /** A character is a token; {@link #BEGIN} and {@link #END} stand around each message of a conversation. */
    private static final class Tokenizer extends TokenizerServiceImplBase {
        @Override
        public void encode(EncodeRequest request, StreamObserver<EncodeResponse> responses) {
            responses.onNext(EncodeResponse.newBuilder()
                    .addAllIds(request.getText().chars().boxed().toList())
                    .build());
            responses.onCompleted();
        }

        @Override
        public void decode(DecodeRequest request, StreamObserver<DecodeResponse> responses) {
            StringBuilder text = new StringBuilder();
            request.getIdsList().forEach(id -> text.append(textOf(id)));
            responses.onNext(
                    DecodeResponse.newBuilder().setText(text.toString()).build());
            responses.onCompleted();
        }

        @Override
        public void applyChatTemplate(
                ApplyChatTemplateRequest request, StreamObserver<ApplyChatTemplateResponse> responses) {
            ApplyChatTemplateResponse.Builder rendered = ApplyChatTemplateResponse.newBuilder();
            for (ChatMessage message : request.getMessagesList()) {
                rendered.addIds(BEGIN)
                        .addAllIds(message.getContent().chars().boxed().toList())
                        .addIds(END);
            }
            responses.onNext(rendered.addIds(BEGIN).setText("rendered").build());
            responses.onCompleted();
        }

        @Override
        public void describeTokenizer(
                DescribeTokenizerRequest request, StreamObserver<DescribeTokenizerResponse> responses) {
            responses.onNext(DescribeTokenizerResponse.newBuilder()
                    .setVocabularySize(VOCABULARY)
                    .setChatTemplate(ChatTemplateSource.CHAT_TEMPLATE_SOURCE_FAMILY)
                    .build());
            responses.onCompleted();
        }

        @Override
        public StreamObserver<DecodeIncrementallyRequest> decodeIncrementally(
                StreamObserver<DecodeIncrementallyResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(DecodeIncrementallyRequest request) {
                    DecodeIncrementallyResponse.Builder response = DecodeIncrementallyResponse.newBuilder();
                    StringBuilder text = new StringBuilder();
                    request.getIdsList().forEach(id -> text.append(textOf(id)));
                    request.getAlternativeIdsList()
                            .forEach(id -> response.addAlternativePieces(ByteString.copyFromUtf8(textOf(id))));
                    responses.onNext(response.setText(text.toString()).build());
                }

                @Override
                public void onError(Throwable failure) {
                    responses.onError(failure);
                }

                @Override
                public void onCompleted() {
                    responses.onCompleted();
                }
            };
        }

        private static String textOf(int id) {
            return id == BEGIN || id == END ? "" : Character.toString(id);
        }
    }

    /** Says what the model is; its tokens come from the test. */
    private static final class Decoder extends DecoderServiceImplBase {
        @Override
        public void describeShard(DescribeShardRequest request, StreamObserver<DescribeShardResponse> responses) {
            responses.onNext(DescribeShardResponse.newBuilder()
                    .setModel(ModelDescription.newBuilder()
                            .setName(MODEL)
                            .setContextLength(CONTEXT)
                            .setVocabularySize(VOCABULARY)
                            .setExpertLayers(1))
                    .setStage(StageDescription.newBuilder().setCount(1).setEndLayer(1))
                    .build());
            responses.onCompleted();
        }
    }
}
