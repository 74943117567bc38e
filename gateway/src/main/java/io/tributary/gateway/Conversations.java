package io.tributary.gateway;

import io.smallrye.mutiny.Multi;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.gateway.v1.ChatRequest;
import io.tributary.proto.gateway.v1.ChatResponse;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** The conversations of this gateway, of which there are only so many. */
final class Conversations {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int maximum;
    private final Semaphore places;
    private final RandomGenerator seeds;

    /** @param seeds where seeds come from; thread-safe */
    Conversations(int maximum, RandomGenerator seeds) {
        this.maximum = maximum;
        this.places = new Semaphore(maximum);
        this.seeds = seeds;
    }

    /**
     * A conversation. It takes a place, and one of its caller's, when subscribed to; fails as RESOURCE_EXHAUSTED if there is
     * none.
     */
    Multi<ChatResponse> begin(ServedCall call, Multi<ChatRequest> requests) {
        return call.quotas().place(call.client().caller(), placed(call, requests));
    }

    private Multi<ChatResponse> placed(ServedCall call, Multi<ChatRequest> requests) {
        return Multi.createFrom().deferred(() -> {
            if (!places.tryAcquire()) {
                throw GrpcErrors.busy(
                        "the gateway has %d conversations, as many as it takes".formatted(maximum), RETRY_AFTER);
            }
            AtomicBoolean released = new AtomicBoolean();
            return new ChatCall(call, seeds).responses(requests).onTermination().invoke(() -> {
                if (released.compareAndSet(false, true)) {
                    places.release();
                }
            });
        });
    }
}
