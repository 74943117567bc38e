package io.tributary.mesh;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes spans by OpenTelemetry's protocol (OTLP over gRPC), of which it reads what tests ask for. The numbers are those of
 * the fields in opentelemetry/proto/trace/v1/trace.proto.
 */
final class SpanCollector implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";
    private static final MethodDescriptor<byte[], byte[]> EXPORT = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Export"))
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    /** A span that was exported; ids in hexadecimal. */
    record Exported(String traceId, String spanId, String parentSpanId, String name) {}

    private static final class Bytes implements Marshaller<byte[]> {
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

    private final List<Exported> spans = new CopyOnWriteArrayList<>();
    private final Server server;

    SpanCollector() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(EXPORT, ServerCalls.asyncUnaryCall((request, responses) -> {
                            spans.addAll(spansOf(request));
                            responses.onNext(new byte[0]);
                            responses.onCompleted();
                        }))
                        .build())
                .build()
                .start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** The spans of a trace, once there are so many. */
    List<Exported> await(String traceId, int count) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (of(traceId).size() < count && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
        return of(traceId);
    }

    private List<Exported> of(String traceId) {
        return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
    }

    private static List<Exported> spansOf(byte[] request) {
        try {
            List<Exported> exported = new ArrayList<>();
            for (UnknownFieldSet resource : messages(UnknownFieldSet.parseFrom(request), 1)) {
                for (UnknownFieldSet scope : messages(resource, 2)) {
                    for (UnknownFieldSet span : messages(scope, 2)) {
                        exported.add(new Exported(hex(span, 1), hex(span, 2), hex(span, 4), text(span, 5)));
                    }
                }
            }
            return exported;
        } catch (InvalidProtocolBufferException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field)
            throws InvalidProtocolBufferException {
        List<UnknownFieldSet> messages = new ArrayList<>();
        for (ByteString bytes : message.getField(field).getLengthDelimitedList()) {
            messages.add(UnknownFieldSet.parseFrom(bytes));
        }
        return messages;
    }

    private static String hex(UnknownFieldSet message, int field) {
        return HexFormat.of().formatHex(bytes(message, field));
    }

    private static String text(UnknownFieldSet message, int field) {
        return new String(bytes(message, field), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(UnknownFieldSet message, int field) {
        List<ByteString> values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? new byte[0] : values.getLast().toByteArray();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
