package io.tributary.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.TurnFinished;
import java.io.PrintStream;
import java.util.Locale;

/** Shows answers as they come. Not for several threads. */
final class ChatPrinter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS = 1e9;

    private final PrintStream out;
    private final boolean json;
    private final boolean figures;
    private long start;
    private long firstToken;
    private int tokens;

    private ChatPrinter(boolean json, boolean figures) {
        this.out = StandardOutput.text();
        this.json = json;
        this.figures = figures;
    }

    /** Plain text; with figures behind each answer if a person sees it. */
    static ChatPrinter text(boolean seen) {
        return new ChatPrinter(false, seen);
    }

    /** A JSON object for each token, and one behind each answer. */
    static ChatPrinter json() {
        return new ChatPrinter(true, false);
    }

    /** An answer begins. */
    void begin() {
        start = System.nanoTime();
        tokens = 0;
    }

    /** Shows the next part of an answer. */
    void print(ChatResponse response) {
        switch (response.getEventCase()) {
            case TOKEN -> {
                firstToken = tokens == 0 ? System.nanoTime() : firstToken;
                tokens++;
                out.print(json ? object(response) + "\n" : response.getToken().getText());
            }
            case FINISHED -> finish(response.getFinished());
            case STARTED, EVENT_NOT_SET -> {}
        }
        out.flush();
    }

    private static ObjectNode object(ChatResponse response) {
        return JSON.createObjectNode()
                .put("id", response.getToken().getId())
                .put("text", response.getToken().getText())
                .put("logprob", response.getToken().getLogprob());
    }

    private void finish(TurnFinished finished) {
        if (json) {
            out.println(JSON.createObjectNode()
                    .put("text", finished.getText())
                    .put("turn", finished.getTurn())
                    .put("new_tokens", finished.getGeneratedTokens())
                    .put("time_to_first_token_seconds", secondsToFirstToken())
                    .put("tokens_per_second", tokensPerSecond())
                    .put("finish_reason", reason(finished)));
            return;
        }
        out.println(finished.getText());
        if (figures) {
            System.err.printf(
                    Locale.ROOT,
                    "[%d tokens, first after %.2f s, %.1f tokens/s, %s]%n",
                    tokens,
                    secondsToFirstToken(),
                    tokensPerSecond(),
                    reason(finished).replace('_', ' '));
        }
    }

    private static String reason(TurnFinished finished) {
        return finished.getReason().name().substring("FINISH_REASON_".length()).toLowerCase(Locale.ROOT);
    }

    private double secondsToFirstToken() {
        return tokens == 0 ? 0 : (firstToken - start) / NANOS;
    }

    private double tokensPerSecond() {
        return tokens < 2 ? 0 : (tokens - 1) * NANOS / (System.nanoTime() - firstToken);
    }

    /** Says something to the person. */
    void note(String text) {
        System.err.println(text);
    }

    /** Says why there is no answer. */
    void failed(RuntimeException failure) {
        out.println();
        out.flush();
        System.err.println("tributary: " + FailureReport.messageOf(failure));
    }
}
