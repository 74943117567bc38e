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
import io.tributary.proto.gateway.v1.MutinyGatewayServiceGrpc.MutinyGatewayServiceStub;
import io.tributary.proto.gateway.v1.ResumeRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/**
 * A gateway somewhere else.
 *
 * @param address `host:port`
 * @param channel to the gateway, closed with this
 */
record RemoteGateway(String address, ManagedChannel channel) implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Not an option: what is on a command line, every user of the machine can see. */
    private static final String KEY_VARIABLE = "TRIBUTARY_API_KEY";

    private static RemoteGateway connect(String address, String key) {
        Metadata metadata = new Metadata();
        if (!key.isEmpty()) {
            metadata.put(AUTHORIZATION, "Bearer " + key);
        }
        ManagedChannel channel = ManagedChannelBuilder.forTarget("dns:///" + address)
                .usePlaintext()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .build();
        return new RemoteGateway(address, channel);
    }

    /** Empty if there is none. */
    private static String key() {
        return Objects.requireNonNullElse(System.getenv(KEY_VARIABLE), "").strip();
    }

    private static boolean isOnThisMachine(String address) {
        String host = address.substring(0, address.lastIndexOf(':'));
        try {
            return host.equalsIgnoreCase("localhost")
                    || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false; // a name
        }
    }

    private static void warnOfUnencryptedKey(List<String> addresses) {
        addresses.stream()
                .filter(address -> !isOnThisMachine(address))
                .findFirst()
                .ifPresent(address -> System.err.println("tributary: the connection to " + address
                        + " is not encrypted, so whoever can read the network learns the key in " + KEY_VARIABLE));
    }

    /**
     * Connects to several gateways of one mesh.
     *
     * @param addresses `host:port`, separated by commas
     */
    static List<RemoteGateway> connectAll(String addresses) {
        List<String> all = ServerAddresses.parse("--gateway", addresses);
        String key = key();
        if (!key.isEmpty()) {
            warnOfUnencryptedKey(all);
        }
        return all.stream().map(address -> connect(address, key)).toList();
    }

    MutinyGatewayServiceStub stub() {
        return MutinyGatewayServiceGrpc.newMutinyStub(channel);
    }

    Multi<GenerateResponse> generate(GenerateRequest request) {
        return stub().generate(request).onFailure().transform(this::named);
    }

    Multi<GenerateResponse> resume(ResumeRequest request) {
        return stub().resume(request).onFailure().transform(this::named);
    }

    /** Names the gateway if the connection failed; what a gateway itself answers comes without a cause. */
    Throwable named(Throwable failure) {
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
