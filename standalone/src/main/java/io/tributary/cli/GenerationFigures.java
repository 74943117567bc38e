package io.tributary.cli;

import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.GenerateResponse;
import java.util.Locale;

/** Counts and times one generation, from the request on. */
final class GenerationFigures {
    private static final double NANOS = 1e9;

    private final long start = System.nanoTime();
    private long firstToken;
    private long lastToken;
    private int promptTokens;
    private int newTokens;
    private FinishReason finishReason = FinishReason.FINISH_REASON_UNSPECIFIED;

    /** Takes in the next message of the stream. */
    void count(GenerateResponse response) {
        switch (response.getEventCase()) {
            case STARTED -> promptTokens = response.getStarted().getPromptTokens();
            case TOKEN -> {
                lastToken = System.nanoTime();
                firstToken = newTokens == 0 ? lastToken : firstToken;
                newTokens++;
            }
            case FINISHED -> finishReason = response.getFinished().getReason();
            case PROMPT_ROUTING, EVENT_NOT_SET -> {}
        }
    }

    int promptTokens() {
        return promptTokens;
    }

    int newTokens() {
        return newTokens;
    }

    /** From the request to the first token, the loading of an embedded model included; 0 without a token. */
    double secondsToFirstToken() {
        return newTokens == 0 ? 0 : (firstToken - start) / NANOS;
    }

    /** Rate between the first token and the last; 0 with fewer than two tokens. */
    double tokensPerSecond() {
        return newTokens < 2 ? 0 : (newTokens - 1) * NANOS / (lastToken - firstToken);
    }

    /** Why the stream ended, in the words of the contract. */
    String finishReason() {
        return finishReason.name().substring("FINISH_REASON_".length()).toLowerCase(Locale.ROOT);
    }

    /** All figures in one line. */
    String sentence() {
        return String.format(
                Locale.ROOT,
                "%d prompt tokens, %d new tokens, first token after %.3f s, %.1f tokens/s",
                promptTokens,
                newTokens,
                secondsToFirstToken(),
                tokensPerSecond());
    }
}
