package io.tributary.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.tributary.proto.decoder.v1.DecoderServiceGrpc;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/** Sessions with state on the shard. */
record LiveSessions(ManagedChannel channel) implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    /** @param port of the shard's gRPC server on loopback */
    static LiveSessions at(int port) {
        return new LiveSessions(ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build());
    }

    /** Waits until there are none. */
    void awaitNone() throws InterruptedException {
        awaitNumber(number -> number == 0);
    }

    /** Waits until there is one. */
    void awaitOne() throws InterruptedException {
        awaitNumber(number -> number == 1);
    }

    private void awaitNumber(IntPredicate wanted) throws InterruptedException {
        long deadline = System.nanoTime() + WITHIN.toNanos();
        int number = number();
        while (!wanted.test(number) && System.nanoTime() < deadline) {
            Thread.sleep(1);
            number = number();
        }
        assertThat(number).as("sessions with state").matches(wanted::test);
    }

    private int number() {
        return DecoderServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(WITHIN.toSeconds(), TimeUnit.SECONDS)
                .describeShard(DescribeShardRequest.getDefaultInstance())
                .getLiveSessions();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
