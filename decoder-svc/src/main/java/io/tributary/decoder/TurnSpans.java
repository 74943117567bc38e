package io.tributary.decoder;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.tributary.decoder.StageBatch.Chunk;
import io.tributary.edge.TraceContext;
import io.tributary.edge.Tracing;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The two spans of a turn at a stage: {@code prefill} from the first pass with a position of the prompt to the last one, and
 * {@code decode} from the first pass with a generated position to the last one. Neither names texts, tokens or the session's
 * id, which is a secret. Used by the shard's thread.
 */
final class TurnSpans {
    /** A span under way. */
    private static final class Phase {
        private final Span span;
        private long positions;
        private long lastNanos;

        private Phase(Span span) {
            this.span = span;
        }
    }

    private final Tracing tracing;
    private final TraceContext parent;
    private final StageModel model;
    private final int lane;
    private final int promptLength;
    private final boolean replay;
    /** What is added to {@link System#nanoTime} to get nanoseconds since 1970. */
    private final long epoch = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();

    private @Nullable Phase prefill;
    private @Nullable Phase decode;

    /** @param first chunk that is computed of the turn */
    TurnSpans(Tracing tracing, TraceContext parent, StageModel model, Chunk first) {
        this.tracing = tracing;
        this.parent = parent;
        this.model = model;
        this.lane = first.session().lane().lane();
        this.promptLength = first.turn().promptLength();
        this.replay = !first.emits();
    }

    /** Whether a chunk of the session belongs to these spans: it is of the same turn, and computed again or not as they are. */
    boolean covers(Chunk chunk) {
        return chunk.turn().promptLength() == promptLength && chunk.emits() != replay;
    }

    /** Takes in a chunk; what is computed again may lie in both spans. */
    void computed(Chunk chunk, long startNanos, long endNanos) {
        int ofPrompt = Math.clamp((long) promptLength - chunk.first(), 0, chunk.rows());
        if (ofPrompt > 0) {
            prefill = extended(prefill, "prefill", ofPrompt, startNanos, endNanos);
        }
        if (chunk.end() >= promptLength) {
            end(prefill);
            prefill = null;
        }
        if (ofPrompt < chunk.rows()) {
            decode = extended(decode, "decode", chunk.rows() - ofPrompt, startNanos, endNanos);
        }
    }

    private Phase extended(@Nullable Phase phase, String name, int positions, long startNanos, long endNanos) {
        Phase extended = phase == null ? started(name, startNanos) : phase;
        extended.positions += positions;
        extended.lastNanos = endNanos;
        return extended;
    }

    private Phase started(String name, long startNanos) {
        SpanBuilder span = tracing.span(name, parent)
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(epoch + startNanos, TimeUnit.NANOSECONDS)
                .setAttribute("tributary.model", model.name())
                .setAttribute("tributary.stage", model.range().index())
                .setAttribute("tributary.lane", lane)
                .setAttribute("tributary.replay", replay);
        return new Phase(span.startSpan());
    }

    private void end(@Nullable Phase phase) {
        if (phase != null) {
            phase.span.setAttribute("tributary.positions", phase.positions);
            phase.span.end(epoch + phase.lastNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Ends what is still under way, with the last pass that was of it. */
    void end() {
        end(prefill);
        end(decode);
        prefill = null;
        decode = null;
    }
}
