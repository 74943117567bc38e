package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.log.LogRecord;
import io.tributary.models.SequenceState;
import io.tributary.models.sampling.InvalidParameterException;
import io.tributary.models.sampling.Penalties;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.models.sampling.TokenHistory;
import io.tributary.models.sampling.Truncation;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.Priority;
import io.tributary.proto.log.v1.Sampling;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A session with state on this shard. Used by the shard's thread only. */
final class ShardSession {
    private final String id;
    private final OwnedLane lane;
    private final LaneMark opening;
    private final Map<String, String> headers;
    private final OpenSession request;
    private final SequenceState state;
    private final SamplingParameters sampling;
    private final TokenHistory history = new TokenHistory();
    private final Deque<Work> work = new ArrayDeque<>();
    private int waitingRows;
    private int nextPosition;
    private long lastRecordNanos;
    private long gapSinceNanos;
    private boolean gap;
    private boolean finished;

    /** @param opening the point before the opening record: where a replay of the session begins */
    ShardSession(
            LogRecord<LaneRecord> opened,
            OwnedLane lane,
            LaneMark opening,
            SequenceState state,
            SamplingParameters sampling,
            long now) {
        this.id = opened.value().getSessionId();
        this.lane = lane;
        this.opening = opening;
        this.headers = opened.headers();
        this.request = opened.value().getOpen();
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

    OwnedLane lane() {
        return lane;
    }

    /** The point before the record that opened the session: where a replay of it begins. */
    LaneMark opening() {
        return opening;
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
        return request.getSampling().getIncludeLogits();
    }

    boolean ignoresEndOfText() {
        return request.getSampling().getIgnoreEndOfText();
    }

    int promptLength() {
        return request.getPromptLength();
    }

    /** The position behind the last token that may be generated. */
    int endPosition() {
        return request.getPromptLength() + request.getMaxTokens();
    }

    /** Whether somebody waits for each of its tokens. */
    boolean interactive() {
        return request.getPriority() != Priority.PRIORITY_BATCH;
    }

    /** The position that is expected next; whatever comes for those before it is a duplicate. */
    int nextPosition() {
        return nextPosition;
    }

    /** Takes in the activation from its row on that has the next position. */
    void accept(Activation activation, LaneLedger.Entry entry, boolean emits, long now) {
        Work added = new Work(activation, entry, emits, nextPosition - activation.getFirstPosition());
        work.add(added);
        waitingRows += added.rows();
        nextPosition = activation.getFirstPosition() + activation.getTokenIdsCount();
        lastRecordNanos = now;
        gap = false;
    }

    /** What is to be computed, the oldest first. */
    Deque<Work> work() {
        return work;
    }

    /** Positions that are to be computed. */
    int waitingRows() {
        return waitingRows;
    }

    /** So many rows of the oldest work have gone into a pass. */
    void taken(int rows) {
        waitingRows -= rows;
        if (work.element().rows() == 0) {
            work.remove();
        }
    }

    /** Forgets what is to be computed. */
    void dropWork() {
        work.forEach(Work::end);
        work.clear();
        waitingRows = 0;
    }

    /** Whether the next thing to do is the one position of a token that was just generated, for which somebody waits. */
    boolean decodes() {
        Work next = work.peek();
        return next != null && next.emits() && next.rows() == 1 && next.nextPosition() >= promptLength();
    }

    /** A record begins behind the next position: those between are missing. */
    void missPositions(long now) {
        if (!gap) {
            gap = true;
            gapSinceNanos = now;
        }
    }

    /** Whether positions have been missing since before that time. */
    boolean gapSinceBefore(long nanos) {
        return gap && gapSinceNanos - nanos < 0;
    }

    /** Leaves time out of account in which the shard itself stood still. */
    void forgive(long nanos) {
        lastRecordNanos += nanos;
        gapSinceNanos += nanos;
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
