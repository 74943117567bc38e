package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.log.LogRecord;
import io.tributary.models.SequenceState;
import io.tributary.models.sampling.InvalidParameterException;
import io.tributary.models.sampling.Penalties;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.models.sampling.TokenHistory;
import io.tributary.models.sampling.Truncation;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.Sampling;
import java.util.List;
import java.util.Map;

/** A session with state on this shard. Used by the shard's thread only. */
final class ShardSession {
    private final String id;
    private final int lane;
    private final long openingOffset;
    private final Map<String, String> headers;
    private final OpenSession opening;
    private final SequenceState state;
    private final SamplingParameters sampling;
    private final TokenHistory history = new TokenHistory();
    private int nextPosition;
    private long lastRecordNanos;
    private boolean finished;

    ShardSession(LogRecord<LaneRecord> opened, SequenceState state, SamplingParameters sampling, long now) {
        this.id = opened.value().getSessionId();
        this.lane = opened.lane();
        this.openingOffset = opened.offset();
        this.headers = opened.headers();
        this.opening = opened.value().getOpen();
        this.state = state;
        this.sampling = sampling;
        this.lastRecordNanos = now;
    }

    /**
     * The sampling parameters of an opening.
     *
     * @throws SessionRefusedException if one is out of range
     */
    static SamplingParameters samplingOf(OpenSession opening) throws SessionRefusedException {
        Sampling sampling = opening.getSampling();
        try {
            return SamplingParameters.greedy()
                    .withTemperature(sampling.getTemperature())
                    .withTruncation(truncationOf(sampling))
                    .withPenalties(penaltiesOf(sampling))
                    .withSeed(sampling.getSeed())
                    .withTopLogprobs(sampling.getTopLogprobs());
        } catch (InvalidParameterException invalid) {
            throw new SessionRefusedException(
                    Code.INVALID_ARGUMENT,
                    "%s is %s but must be %s".formatted(invalid.field(), invalid.value(), invalid.allowed()));
        }
    }

    private static Truncation truncationOf(Sampling sampling) {
        return Truncation.keepAll()
                .withTopK(sampling.getTopK())
                .withTopP(sampling.getTopP())
                .withMinP(sampling.getMinP())
                .withTypicalP(sampling.hasTypicalP() ? sampling.getTypicalP() : 1)
                .withEpsilonCutoff(sampling.getEpsilonCutoff());
    }

    private static Penalties penaltiesOf(Sampling sampling) {
        return Penalties.none()
                .withRepetition(sampling.getRepetitionPenalty())
                .withFrequency(sampling.getFrequencyPenalty())
                .withPresence(sampling.getPresencePenalty())
                .withNoRepeatNgramSize(sampling.getNoRepeatNgramSize());
    }

    String id() {
        return id;
    }

    int lane() {
        return lane;
    }

    /** Offset of the record that opened the session: what a replay would begin with. */
    long openingOffset() {
        return openingOffset;
    }

    /** Trace context that travels with every record of the session. */
    Map<String, String> headers() {
        return headers;
    }

    SequenceState state() {
        return state;
    }

    SamplingParameters sampling() {
        return sampling;
    }

    TokenHistory history() {
        return history;
    }

    boolean includesLogits() {
        return opening.getSampling().getIncludeLogits();
    }

    boolean ignoresEndOfText() {
        return opening.getSampling().getIgnoreEndOfText();
    }

    int promptLength() {
        return opening.getPromptLength();
    }

    /** The position behind the last token that may be generated. */
    int endPosition() {
        return opening.getPromptLength() + opening.getMaxTokens();
    }

    int nextPosition() {
        return nextPosition;
    }

    /** Takes in the positions up to {@code end}; whatever comes for them again is a duplicate. */
    void advanceTo(int end, long now) {
        nextPosition = end;
        lastRecordNanos = now;
    }

    /**
     * Notes the tokens at these positions, which penalties need: what lies behind the prompt was generated.
     *
     * @param first position of the first token
     */
    void remember(int first, List<Integer> tokenIds) {
        for (int index = 0; index < tokenIds.size(); index++) {
            if (first + index < promptLength()) {
                history.addPrompt(tokenIds.get(index));
            } else {
                history.addGenerated(tokenIds.get(index));
            }
        }
    }

    long lastRecordNanos() {
        return lastRecordNanos;
    }

    /** Whether the last token has been sampled: the closing record is on its way round the ring. */
    boolean finished() {
        return finished;
    }

    void finish() {
        finished = true;
    }
}
