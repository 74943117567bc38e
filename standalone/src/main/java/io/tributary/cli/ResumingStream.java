package io.tributary.cli;

import io.grpc.Status;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.log.Backoff;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.PromptRouting;
import io.tributary.proto.gateway.v1.ResumeRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream of tokens that goes on at another gateway, or at the same one when it is back, when its connection is lost: the
 * session lives in the log, not in a gateway. For one request.
 */
final class ResumingStream {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

    private final List<RemoteGateway> gateways;
    private int current;
    private int attempts;
    private Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private long lastProgress = System.nanoTime();
    private @Nullable String sessionId;
    private int nextPosition;

    /** @param gateways of the same mesh, at least one */
    ResumingStream(List<RemoteGateway> gateways) {
        this.gateways = List.copyOf(gateways);
    }

    /** The responses as if nothing had happened. */
    Multi<GenerateResponse> generate(GenerateRequest request) {
        return followed(gateways.get(current).generate(request), request);
    }

    private Multi<GenerateResponse> followed(Multi<GenerateResponse> responses, GenerateRequest request) {
        return responses
                .filter(this::isNew)
                .onFailure(this::canGoOn)
                .recoverWithMulti(failure -> pause().onItem().transformToMulti(rested -> next(request)));
    }

    private Multi<GenerateResponse> next(GenerateRequest request) {
        current = (current + 1) % gateways.size();
        RemoteGateway gateway = gateways.get(current);
        if (sessionId == null) {
            return followed(gateway.generate(request), request);
        }
        ResumeRequest rest = ResumeRequest.newBuilder()
                .setSessionId(sessionId)
                .setNextPosition(nextPosition)
                .build();
        return followed(gateway.resume(rest), request);
    }

    private boolean isNew(GenerateResponse response) {
        boolean first = sessionId == null;
        switch (response.getEventCase()) {
            case STARTED -> sessionId = response.getStarted().getSessionId();
            case TOKEN -> nextPosition = response.getToken().getPosition() + 1;
            case PROMPT_ROUTING -> {
                PromptRouting routing = response.getPromptRouting();
                nextPosition = routing.getFirstPosition() + routing.getPositionsCount();
            }
            case FINISHED, EVENT_NOT_SET -> {}
        }
        if (first || !response.hasStarted()) {
            attempts = 0;
            backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
            lastProgress = System.nanoTime();
        }
        return first || !response.hasStarted();
    }

    /** A session goes on wherever it is found in time; a request that has not begun tries each gateway once. */
    private boolean canGoOn(Throwable failure) {
        boolean lost = failure instanceof LostConnectionException
                || Status.fromThrowable(failure).getCode() == Status.Code.UNAVAILABLE;
        return lost
                && (sessionId == null
                        ? attempts + 1 < gateways.size()
                        : System.nanoTime() - lastProgress < LONGEST_SILENCE.toNanos());
    }

    private Uni<Integer> pause() {
        attempts++;
        return Uni.createFrom().item(attempts).onItem().delayIt().by(backoff.next());
    }
}
