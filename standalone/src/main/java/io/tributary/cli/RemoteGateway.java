package io.tributary.cli;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.smallrye.mutiny.Multi;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.MutinyGatewayServiceGrpc;
import java.util.regex.Pattern;

/**
 * A gateway somewhere else.
 *
 * @param channel to the gateway, closed with this
 */
record RemoteGateway(ManagedChannel channel) implements AutoCloseable {
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9a-fA-F:]+]|[^:\\s]+):[0-9]{1,5}");

    /** Connects to `host:port`. */
    static RemoteGateway connect(String address) {
        if (!HOST_AND_PORT.matcher(address).matches()) {
            throw new CommandFailedException(
                    "--gateway is \"" + address + "\"; HOST:PORT is needed, like 127.0.0.1:9000");
        }
        return new RemoteGateway(ManagedChannelBuilder.forTarget("dns:///" + address)
                .usePlaintext()
                .build());
    }

    Multi<GenerateResponse> generate(GenerateRequest request) {
        return MutinyGatewayServiceGrpc.newMutinyStub(channel).generate(request);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
