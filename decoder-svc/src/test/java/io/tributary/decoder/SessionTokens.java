package io.tributary.decoder;

import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.SessionFailure;
import io.tributary.proto.log.v1.TokenRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tokens of a session by position, as the log has brought them, repetitions included. */
final class SessionTokens {
    private final String id;
    private final TreeMap<Integer, SampledToken> tokens = new TreeMap<>();
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
            SampledToken earlier = tokens.put(token.getPosition(), token);
            if (earlier != null) {
                repetitions++;
                if (!earlier.equals(token)) {
                    throw new AssertionError("session %s has two tokens at position %d: %s and %s"
                            .formatted(id, token.getPosition(), earlier, token));
                }
            }
        }
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

    /** Token records that said what others had said. */
    int repetitions() {
        return repetitions;
    }
}
