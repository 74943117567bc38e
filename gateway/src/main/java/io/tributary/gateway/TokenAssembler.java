package io.tributary.gateway;

import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Token;
import io.tributary.proto.gateway.v1.TokenAlternative;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.TokenLogprob;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyRequest;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Makes what the client sees out of sampled tokens and their texts. Each token goes to the tokenizer as a request, and
 * meets its answer here; answers come in the order of the requests.
 */
final class TokenAssembler {
    private final List<Integer> promptIds;
    private final StopTexts stops;
    private final PromptRoutingParts routing;
    private final Queue<SampledToken> undecoded = new ConcurrentLinkedQueue<>();
    private boolean first = true;
    private int generated;
    private boolean finished;

    /** @param routing what comes before the first token */
    TokenAssembler(List<Integer> promptIds, List<String> stops, PromptRoutingParts routing) {
        this.promptIds = promptIds;
        this.stops = new StopTexts(stops);
        this.routing = routing;
    }

    /** What the tokenizer is asked for this token. */
    DecodeIncrementallyRequest decodingOf(SampledToken token) {
        undecoded.add(token);
        DecodeIncrementallyRequest.Builder request = DecodeIncrementallyRequest.newBuilder()
                .addIds(token.getTokenId())
                .setEndOfSequence(isLast(token));
        request.addAlternativeIds(token.getTokenId());
        token.getTopLogprobsList().forEach(alternative -> request.addAlternativeIds(alternative.getTokenId()));
        if (first) {
            request.addAllContextIds(promptIds);
            first = false;
        }
        return request.build();
    }

    /**
     * What the client gets for the oldest token without an answer: in front of the first one the routing of the prompt, the
     * token and, behind the last one, the end.
     */
    Iterable<GenerateResponse> assemble(DecodeIncrementallyResponse decoded) {
        SampledToken token = undecoded.remove();
        if (finished) {
            return List.of();
        }
        generated++;
        List<GenerateResponse> responses = new ArrayList<>(2);
        responses.add(GenerateResponse.newBuilder()
                .setToken(tokenOf(token, decoded, stops.append(decoded.getText())))
                .build());
        if (stops.found()) {
            responses.add(finish(FinishReason.FINISH_REASON_STOP_TEXT));
        } else if (isLast(token)) {
            responses.add(finish(reasonOf(token)));
        }
        return generated > 1
                ? responses
                : () -> Stream.concat(routing.responses(), responses.stream()).iterator();
    }

    /** Whether a stop text has ended the stream before the model did. */
    boolean stopTextFound() {
        return stops.found();
    }

    /** Whether the end was given out. */
    boolean finished() {
        return finished;
    }

    /** The end of a stream that the client has ended. */
    GenerateResponse cancel() {
        return finish(FinishReason.FINISH_REASON_CANCELLED);
    }

    private GenerateResponse finish(FinishReason reason) {
        finished = true;
        return GenerateResponse.newBuilder()
                .setFinished(Finished.newBuilder()
                        .setReason(reason)
                        .setText(stops.rest())
                        .setPromptTokens(promptIds.size())
                        .setGeneratedTokens(generated))
                .build();
    }

    private static Token tokenOf(SampledToken token, DecodeIncrementallyResponse decoded, String text) {
        Token.Builder builder = Token.newBuilder()
                .setPosition(token.getPosition())
                .setId(token.getTokenId())
                .setText(text)
                .setPiece(decoded.getAlternativePieces(0))
                .setLogprob(token.getLogprob())
                .setLogits(token.getLogits());
        for (int i = 0; i < token.getTopLogprobsCount(); i++) {
            TokenLogprob alternative = token.getTopLogprobs(i);
            builder.addTopLogprobs(TokenAlternative.newBuilder()
                    .setId(alternative.getTokenId())
                    .setLogprob(alternative.getLogprob())
                    .setPiece(decoded.getAlternativePieces(i + 1)));
        }
        if (token.getRoutingCount() > 0) {
            builder.setRouting(RoutingMessages.of(token.getRoutingList(), 1).getFirst());
        }
        return builder.build();
    }

    private static boolean isLast(SampledToken token) {
        return token.getFinishReason() != io.tributary.proto.log.v1.FinishReason.FINISH_REASON_UNSPECIFIED;
    }

    private static FinishReason reasonOf(SampledToken token) {
        return switch (token.getFinishReason()) {
            case FINISH_REASON_END_OF_TEXT -> FinishReason.FINISH_REASON_END_OF_TEXT;
            case FINISH_REASON_LENGTH -> FinishReason.FINISH_REASON_LENGTH;
            case FINISH_REASON_UNSPECIFIED, UNRECOGNIZED -> FinishReason.FINISH_REASON_UNSPECIFIED;
        };
    }
}
