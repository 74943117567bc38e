package io.tributary.chaos.load;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.List;

/** Connections to the gateways, which all clients share. */
public final class Gateways implements AutoCloseable {
    private final List<ManagedChannel> channels;

    /** @param ports on loopback */
    public Gateways(List<Integer> ports) {
        channels = ports.stream()
                .map(port -> ManagedChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .build())
                .toList();
    }

    /** How many there are. */
    public int count() {
        return channels.size();
    }

    /** The channel to a gateway; one whose connection broke tries anew at once, as clients wait on their own. */
    public ManagedChannel channel(int index) {
        ManagedChannel channel = channels.get(index % channels.size());
        channel.resetConnectBackoff();
        return channel;
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
