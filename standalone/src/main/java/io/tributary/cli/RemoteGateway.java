package io.tributary.cli;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.smallrye.mutiny.Multi;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.MutinyGatewayServiceGrpc;
import io.tributary.proto.gateway.v1.ResumeRequest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway somewhere else.
 *
 * @param address `host:port`
 * @param channel to the gateway, closed with this
 */
record RemoteGateway(String address, ManagedChannel channel) implements AutoCloseable {
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?:\\[[0-9a-fA-F:]+]|[^:\\s]+):([0-9]{1,5})");
    private static final int HIGHEST_PORT = 65_535;
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Not an option: what is on a command line, every user of the machine can see. */
    private static final String KEY_VARIABLE = "TRIBUTARY_API_KEY";

    private static RemoteGateway connect(String address) {
        Metadata metadata = new Metadata();
        String key = System.getenv(KEY_VARIABLE);
        if (key != null) {
            metadata.put(AUTHORIZATION, "Bearer " + key.strip());
        }
        ManagedChannel channel = ManagedChannelBuilder.forTarget("dns:///" + address)
                .usePlaintext()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .build();
        return new RemoteGateway(address, channel);
    }

    private static void requireHostAndPort(String address) {
        if (!isHostAndPort(address)) {
            throw new WrongUsageException("--gateway is \"" + address + "\"; HOST:PORT is needed, PORT 1 to "
                    + HIGHEST_PORT + ", like 127.0.0.1:9000");
        }
    }

    private static boolean isHostAndPort(String address) {
        Matcher parts = HOST_AND_PORT.matcher(address);
        if (!parts.matches()) {
            return false;
        }
        int port = Integer.parseInt(parts.group(1));
        return port >= 1 && port <= HIGHEST_PORT;
    }

    /**
     * Connects to several gateways of one mesh.
     *
     * @param addresses `host:port`, separated by commas
     */
    static List<RemoteGateway> connectAll(String addresses) {
        List<String> all = List.of(addresses.split(",", -1));
        all.forEach(RemoteGateway::requireHostAndPort);
        return all.stream().map(RemoteGateway::connect).toList();
    }

    Multi<GenerateResponse> generate(GenerateRequest request) {
        return MutinyGatewayServiceGrpc.newMutinyStub(channel)
                .generate(request)
                .onFailure()
                .transform(this::named);
    }

    Multi<GenerateResponse> resume(ResumeRequest request) {
        return MutinyGatewayServiceGrpc.newMutinyStub(channel)
                .resume(request)
                .onFailure()
                .transform(this::named);
    }

    /** Names the gateway if the connection failed; what a gateway itself answers comes without a cause. */
    private Throwable named(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        Throwable cause = status.getCause();
        if (status.getCode() != Status.Code.UNAVAILABLE || cause == null) {
            return failure;
        }
        return new LostConnectionException("no connection to a gateway at " + address + ": " + cause.getMessage());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
