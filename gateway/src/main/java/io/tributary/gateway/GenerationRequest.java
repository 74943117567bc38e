package io.tributary.gateway;

import io.tributary.edge.GrpcErrors;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.gateway.v1.GenerateRequest;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * A checked request with nothing left to a default but the number of tokens, which depends on the prompt.
 *
 * @param prompt text or ids
 * @param sampling how tokens are chosen and reported
 * @param maximalTokens tokens to generate at most, if the client said
 * @param stops texts before which generation ends
 * @param outlivesStream whether the session goes on when its stream ends early
 * @param interactive whether somebody waits for each token
 * @param reportsRouting whether the stream tells which experts were chosen
 */
record GenerationRequest(
        Prompt prompt,
        SamplingRequest sampling,
        OptionalInt maximalTokens,
        List<String> stops,
        boolean outlivesStream,
        boolean interactive,
        boolean reportsRouting) {
    private static final int MOST_STOPS = 16;
    private static final int LONGEST_STOP = 256;

    /** What the model continues. */
    sealed interface Prompt {}

    /** Text, for the tokenizer. */
    record TextPrompt(String text) implements Prompt {}

    /** A conversation, for the model's chat template. */
    record Conversation(ChatPrompt chat) implements Prompt {}

    /** Exactly these token ids. */
    record TokenPrompt(List<Integer> ids) implements Prompt {}

    /**
     * Checks a request.
     *
     * @param seeds where a seed comes from when the request has none
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field
     */
    static GenerationRequest of(GenerateRequest request, RandomGenerator seeds) {
        return new GenerationRequest(
                prompt(request),
                SamplingRequest.of(request, seeds),
                maximalTokens(request),
                stops(request),
                request.getOutlivesStream(),
                interactive(request),
                request.getReportsRouting());
    }

    private static Prompt prompt(GenerateRequest request) {
        return switch (request.getInputCase()) {
            case PROMPT -> new TextPrompt(request.getPrompt());
            case PROMPT_TOKENS -> {
                List<Integer> ids = request.getPromptTokens().getIdsList();
                if (ids.isEmpty()) {
                    throw GrpcErrors.invalidArgument("prompt_tokens", "is empty; at least one token id is needed");
                }
                yield new TokenPrompt(ids);
            }
            case CHAT -> {
                requireMessages(request.getChat());
                yield new Conversation(request.getChat());
            }
            case INPUT_NOT_SET ->
                throw GrpcErrors.invalidArgument("input", "is missing; set prompt, prompt_tokens or chat");
        };
    }

    /**
     * Checks that there is something to render.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field
     */
    static void requireMessages(ChatPrompt chat) {
        if (chat.getMessagesCount() == 0) {
            throw GrpcErrors.invalidArgument("chat.messages", "is empty; at least one message is needed");
        }
    }

    private static boolean interactive(GenerateRequest request) {
        return switch (request.getPriority()) {
            case PRIORITY_INTERACTIVE -> true;
            case PRIORITY_BATCH -> false;
            case UNRECOGNIZED ->
                throw GrpcErrors.invalidArgument(
                        "priority",
                        "is %d; PRIORITY_INTERACTIVE and PRIORITY_BATCH are known"
                                .formatted(request.getPriorityValue()));
        };
    }

    private static OptionalInt maximalTokens(GenerateRequest request) {
        if (!request.hasMaxTokens()) {
            return OptionalInt.empty();
        }
        if (request.getMaxTokens() < 1) {
            throw GrpcErrors.invalidArgument(
                    "max_tokens",
                    "is " + Integer.toUnsignedString(request.getMaxTokens())
                            + "; 1 to the model's context are allowed");
        }
        return OptionalInt.of(request.getMaxTokens());
    }

    private static List<String> stops(GenerateRequest request) {
        List<String> stops = request.getStopList();
        if (stops.size() > MOST_STOPS) {
            throw GrpcErrors.invalidArgument(
                    "stop", "has " + stops.size() + " texts; at most " + MOST_STOPS + " are allowed");
        }
        for (String stop : stops) {
            if (stop.isEmpty() || stop.length() > LONGEST_STOP) {
                throw GrpcErrors.invalidArgument(
                        "stop",
                        "has a text of " + stop.length() + " characters; 1 to " + LONGEST_STOP + " are allowed");
            }
        }
        return stops;
    }
}
