package io.tributary.edge;

import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Parses the messages of a service inside its calls. By itself gRPC parses them before any interceptor or handler, and
 * answers one that cannot be read with UNKNOWN and no reason.
 */
public final class LateParsing {
    private LateParsing() {}

    /** The same service; what cannot be read reaches {@link GrpcExceptionHandlers}. */
    public static ServerServiceDefinition of(ServerServiceDefinition service) {
        return ServerInterceptors.useMarshalledMessages(service, new Bytes());
    }

    /** Messages as they are on the wire, in memory that outlives the network buffer. */
    private static final class Bytes implements MethodDescriptor.Marshaller<InputStream> {
        @Override
        public InputStream stream(InputStream message) {
            return message;
        }

        @Override
        public InputStream parse(InputStream message) {
            try {
                return new ByteArrayInputStream(message.readAllBytes());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
