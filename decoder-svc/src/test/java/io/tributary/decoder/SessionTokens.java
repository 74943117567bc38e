package io.tributary.decoder;

import com.google.protobuf.ByteString;
import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.PromptRouting;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.SessionFailure;
import io.tributary.proto.log.v1.TokenRecord;
import io.tributary.proto.log.v1.TokenScore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tokens of a session by position, as the log has brought them, repetitions included. */
final class SessionTokens {
    private final String id;
    private final TreeMap<Integer, SampledToken> tokens = new TreeMap<>();
    private final TreeMap<Integer, TokenScore> scores = new TreeMap<>();
    private final TreeMap<Integer, List<ExpertChoice>> choices = new TreeMap<>();
    private final Set<ByteString> embeddings = new HashSet<>();
    private @Nullable SessionFailure failure;
    private int repetitions;

    SessionTokens(String id) {
        this.id = id;
    }

    void take(TokenRecord tokenRecord) {
        if (tokenRecord.hasFailure()) {
            failure = tokenRecord.getFailure();
        } else if (tokenRecord.hasToken()) {
            SampledToken token = tokenRecord.getToken();
            put(tokens, token.getPosition(), token);
            if (token.getRoutingCount() > 0) {
                choices.put(token.getPosition() - 1, ExpertChoice.of(token.getRoutingList(), 0));
            }
        } else if (tokenRecord.hasPromptScores()) {
            int position = tokenRecord.getPromptScores().getFirstPosition();
            for (TokenScore score : tokenRecord.getPromptScores().getScoresList()) {
                put(scores, position++, score);
            }
        } else if (tokenRecord.hasPromptRouting()) {
            PromptRouting routing = tokenRecord.getPromptRouting();
            for (int index = 0; index < routing.getLayers(0).getCountsCount(); index++) {
                put(choices, routing.getFirstPosition() + index, ExpertChoice.of(routing.getLayersList(), index));
            }
        } else if (tokenRecord.hasPromptEmbedding()) {
            embeddings.add(tokenRecord.getPromptEmbedding().getEmbedding());
        }
    }

    private <T> void put(Map<Integer, T> byPosition, int position, T value) {
        T earlier = byPosition.put(position, value);
        if (earlier != null) {
            repetitions++;
            if (!earlier.equals(value)) {
                throw new AssertionError(
                        "session %s has two of position %d: %s and %s".formatted(id, position, earlier, value));
            }
        }
    }

    /** Scores of the prompt's tokens, by their positions. */
    Map<Integer, TokenScore> scores() {
        return scores;
    }

    /** The experts that were reported, by positions. */
    Map<Integer, List<ExpertChoice>> choices() {
        return choices;
    }

    /** The embeddings of the prompt that differ: none or one. */
    Set<ByteString> embeddings() {
        return embeddings;
    }

    /** Tokens at consecutive positions from the first one on. */
    int count() {
        int count = 0;
        for (int position : tokens.keySet()) {
            if (position != tokens.firstKey() + count) {
                break;
            }
            count++;
        }
        return count;
    }

    /** Tokens of all turns. */
    int total() {
        return tokens.size();
    }

    /** All tokens, in order. */
    List<SampledToken> all() {
        return List.copyOf(tokens.values());
    }

    /** Ids and bits of log-probabilities, in order. */
    List<Object> bits() {
        List<Object> bits = new ArrayList<>();
        for (SampledToken token : tokens.values()) {
            bits.add(token.getPosition());
            bits.add(token.getTokenId());
            bits.add(Float.floatToRawIntBits(token.getLogprob()));
            token.getTopLogprobsList().forEach(other -> bits.add(Float.floatToRawIntBits(other.getLogprob())));
        }
        return bits;
    }

    boolean complete() {
        return !tokens.isEmpty()
                && count() == tokens.size()
                && tokens.lastEntry().getValue().getFinishReason() != FinishReason.FINISH_REASON_UNSPECIFIED;
    }

    /** The token at the highest position. */
    SampledToken last() {
        return tokens.lastEntry().getValue();
    }

    boolean failed() {
        return failure != null;
    }

    @Nullable
    SessionFailure failure() {
        return failure;
    }

    /** Tokens, scores and routings that were told more than once. */
    int repetitions() {
        return repetitions;
    }
}
