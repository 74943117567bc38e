package io.tributary.router;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.models.architecture.Gating;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.RouteRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** A router in virtual time, with shards and clients that a test plays. */
final class RouterRig implements AutoCloseable {
    static final int WINDOW_ROWS = 300;
    static final Duration WINDOW = Duration.ofMillis(1);
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    static final Duration WORK_TIMEOUT = Duration.ofSeconds(10);
    static final Duration HEDGE_DELAY = Duration.ofMillis(50);
    static final Duration ABSENCE_TIMEOUT = Duration.ofSeconds(20);
    static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(3);
    static final int ATTEMPTS = 3;
    static final int MESSAGE_ROWS = 40;
    static final RouterLimits LIMITS = limits(10_000, 10_000);

    private final VirtualLoop loop = new VirtualLoop();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final GatedModel model;
    private final LocalExperts experts;
    private final Router router;
    private final Placements placements;
    private final Attachments attachments;

    RouterRig(Path directory) {
        this(directory, new Gating.TopKThenSoftmax(2), LIMITS);
    }

    RouterRig(Path directory, Gating gating, RouterLimits limits) {
        model = TinyMixture.gated(TinyMixture.write(directory, 17), gating, WINDOW_ROWS);
        experts = new LocalExperts(model);
        router = new Router(loop, model, limits, new RouterFigures(registry));
        placements = new Placements(loop, router.directory(), new PlacementCheck(model.layers()));
        attachments = new Attachments(
                loop,
                limits,
                new AnnouncementCheck(
                        model.fingerprint(),
                        model.layerCount(),
                        model.layers().all().size(),
                        ExpertTransport.EXPERT_TRANSPORT_GRPC),
                new CallTransport(),
                router,
                placements);
    }

    /** The usual limits, with room for so many rows. */
    static RouterLimits limits(int streamRows, int allRows) {
        return limits(streamRows, allRows, REQUEST_TIMEOUT);
    }

    /** The usual limits, with another time for a request. */
    static RouterLimits limits(Duration requestTimeout) {
        return limits(10_000, 10_000, requestTimeout);
    }

    private static RouterLimits limits(int streamRows, int allRows, Duration requestTimeout) {
        return new RouterLimits(
                WINDOW.toNanos(),
                WINDOW_ROWS,
                streamRows,
                allRows,
                MESSAGE_ROWS * TinyMixture.ROW_BYTES,
                requestTimeout.toNanos(),
                WORK_TIMEOUT.toNanos(),
                ATTEMPTS,
                Duration.ofMillis(20),
                HEDGE_DELAY.toNanos(),
                4,
                ABSENCE_TIMEOUT.toNanos(),
                Duration.ofMillis(500).toNanos(),
                SILENCE_TIMEOUT.toNanos());
    }

    VirtualLoop loop() {
        return loop;
    }

    GatedModel model() {
        return model;
    }

    LocalExperts experts() {
        return experts;
    }

    Router router() {
        return router;
    }

    Placements placements() {
        return placements;
    }

    Attachments attachments() {
        return attachments;
    }

    double count(String counter) {
        return registry.get("tributary.router." + counter).counter().count();
    }

    RouteRequest.Builder request(long id, int layer, ByteString input) {
        return RouteRequest.newBuilder()
                .setRequestId(id)
                .setLayer(layer)
                .setPositions(input.size() / TinyMixture.ROW_BYTES)
                .setHiddenStates(input)
                .setModelFingerprint(model.fingerprint());
    }

    /** Random hidden states [rows, width]. */
    static ByteString states(long seed, int rows) {
        Random random = new Random(seed);
        ByteBuffer states = ByteBuffer.allocate(rows * TinyMixture.ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (states.hasRemaining()) {
            states.putFloat((float) random.nextGaussian());
        }
        return ByteString.copyFrom(states.flip());
    }

    @Override
    public void close() {
        experts.close();
        model.close();
    }
}
