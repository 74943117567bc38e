package io.tributary.chaos.load;

import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Started;
import io.tributary.proto.gateway.v1.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client received of one session, over all streams of it. A token that is not the next one is not kept but
 * remembered as a violation: the gateways promise that there is none. For one thread.
 */
public final class ReceivedStream {
    private final List<Token> tokens = new ArrayList<>();
    private @Nullable Started started;
    private @Nullable Finished finished;
    private @Nullable String violation;

    /** Takes the next message in. */
    public void accept(GenerateResponse response) {
        switch (response.getEventCase()) {
            case STARTED -> accept(response.getStarted());
            case TOKEN -> accept(response.getToken());
            case FINISHED -> accept(response.getFinished());
            case PROMPT_ROUTING -> violated("routing that nobody has asked for");
            case EVENT_NOT_SET -> violated("a message without an event");
        }
    }

    private void accept(Started message) {
        if (started == null) {
            started = message;
        } else if (!started.equals(message)) {
            violated("resumed as %s, but started as %s".formatted(text(message), text(started)));
        }
    }

    private void accept(Token token) {
        if (started == null || finished != null) {
            violated("a token at %d %s"
                    .formatted(token.getPosition(), started == null ? "before Started" : "at the end"));
        } else if (token.getPosition() < nextPosition()) {
            violated("a repeat: position %d came again, %d was next".formatted(token.getPosition(), nextPosition()));
        } else if (token.getPosition() > nextPosition()) {
            violated("a gap: position %d came, %d was next".formatted(token.getPosition(), nextPosition()));
        } else {
            tokens.add(token);
        }
    }

    private void accept(Finished message) {
        if (message.getGeneratedTokens() != tokens.size()) {
            violated("Finished counts %d tokens, %d came".formatted(message.getGeneratedTokens(), tokens.size()));
        }
        finished = message;
    }

    private void violated(String what) {
        if (violation == null) {
            violation = what;
        }
    }

    /** The first breach of what the gateways promise. */
    public Optional<String> violation() {
        return Optional.ofNullable(violation);
    }

    /** Whether the session was admitted, so that it can be resumed. */
    public boolean hasStarted() {
        return started != null;
    }

    /** The session's id; empty before it was admitted. */
    public String sessionId() {
        return started == null ? "" : started.getSessionId();
    }

    /** Position of the token that has to come next. */
    public int nextPosition() {
        return (started == null ? 0 : started.getPromptTokens()) + tokens.size();
    }

    /** The tokens, in order, without gaps. */
    public List<Token> tokens() {
        return tokens;
    }

    /** The last message, if it came. */
    public Optional<Finished> finished() {
        return Optional.ofNullable(finished);
    }

    private static String text(Started message) {
        return "%s (%d prompt tokens, seed %d)"
                .formatted(message.getSessionId(), message.getPromptTokens(), message.getSeed());
    }
}
