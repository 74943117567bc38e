package io.tributary.gateway;

import com.google.protobuf.ByteString;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.GrpcErrors;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.proto.gateway.v1.ScoreRequest;
import io.tributary.proto.gateway.v1.ScoreResponse;
import io.tributary.proto.gateway.v1.TokenAlternative;
import io.tributary.proto.gateway.v1.TokenScore;
import io.tributary.proto.log.v1.TokenLogprob;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Says how likely the tokens of a text are, for one call.
 *
 * @param call the client's
 */
record Scoring(ServedCall call) {
    /**
     * Scores the text of a request.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field; RESOURCE_EXHAUSTED if the text exceeds the
     *     context
     */
    Uni<ScoreResponse> score(ScoreRequest request) {
        int alternatives = topLogprobs(request);
        return call.mesh()
                .chain(mesh -> ids(request, mesh).chain(ids -> {
                    var _ = mesh.model().tokensAllowed(ids.size(), OptionalInt.empty(), 1);
                    return scores(ids, alternatives, mesh)
                            .chain(scores -> withPieces(ids, scores))
                            .map(scores -> ScoreResponse.newBuilder()
                                    .setModel(mesh.model().name())
                                    .addAllScores(scores)
                                    .build());
                }));
    }

    private static int topLogprobs(ScoreRequest request) {
        int asked = request.getTopLogprobs();
        if (asked < 0 || asked > SamplingParameters.MAXIMAL_TOP_LOGPROBS) {
            throw GrpcErrors.invalidArgument(
                    "top_logprobs",
                    "is %s but must be 0 to %d"
                            .formatted(Integer.toUnsignedString(asked), SamplingParameters.MAXIMAL_TOP_LOGPROBS));
        }
        return asked;
    }

    private Uni<List<Integer>> ids(ScoreRequest request, Connected mesh) {
        return switch (request.getInputCase()) {
            case TEXT -> call.textIds("text", request.getText());
            case TOKENS -> {
                List<Integer> ids = request.getTokens().getIdsList();
                if (ids.isEmpty()) {
                    throw GrpcErrors.invalidArgument("tokens", "is empty; at least one token id is needed");
                }
                mesh.model().checkIds("tokens", ids);
                yield Uni.createFrom().item(ids);
            }
            case INPUT_NOT_SET -> throw GrpcErrors.invalidArgument("input", "is missing; set text or tokens");
        };
    }

    private Uni<List<io.tributary.proto.log.v1.TokenScore>> scores(List<Integer> ids, int topLogprobs, Connected mesh) {
        return ids.size() < 2
                ? Uni.createFrom().item(List.of())
                : call.leased(ids.size(), ids.size(), call.readings(mesh).scores(ids, topLogprobs));
    }

    /** Nobody can say how likely the first token was. */
    private Uni<List<TokenScore>> withPieces(List<Integer> ids, List<io.tributary.proto.log.v1.TokenScore> scores) {
        List<Integer> shown = new ArrayList<>(ids);
        scores.forEach(score -> score.getTopLogprobsList().forEach(alternative -> shown.add(alternative.getTokenId())));
        return call.tokenizer().pieces(shown).map(pieces -> {
            Iterator<ByteString> ofAlternatives =
                    pieces.subList(ids.size(), pieces.size()).iterator();
            List<TokenScore> shownScores = new ArrayList<>(ids.size());
            for (int position = 0; position < ids.size(); position++) {
                TokenScore.Builder score =
                        TokenScore.newBuilder().setId(ids.get(position)).setPiece(pieces.get(position));
                if (position > 0) {
                    fill(score, scores.get(position - 1), ofAlternatives);
                }
                shownScores.add(score.build());
            }
            return shownScores;
        });
    }

    private static void fill(
            TokenScore.Builder score, io.tributary.proto.log.v1.TokenScore given, Iterator<ByteString> pieces) {
        score.setLogprob(given.getLogprob());
        for (TokenLogprob alternative : given.getTopLogprobsList()) {
            score.addTopLogprobs(TokenAlternative.newBuilder()
                    .setId(alternative.getTokenId())
                    .setPiece(pieces.next())
                    .setLogprob(alternative.getLogprob()));
        }
    }
}
