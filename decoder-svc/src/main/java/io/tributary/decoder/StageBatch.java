package io.tributary.decoder;

import com.google.protobuf.ByteString;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.Batch;
import io.tributary.models.DecoderStage;
import io.tributary.models.LogitsRows;
import io.tributary.models.RoutingObserver;
import io.tributary.models.SequenceException;
import io.tributary.models.SequenceState;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.LayerRouting;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The positions that a shard computes at once, of any sessions. Used by the shard's thread. */
final class StageBatch {
    /**
     * Consecutive positions of a session in the batch.
     *
     * @param first the first position
     * @param tokenIds one a position
     * @param turn that the positions belong to
     * @param hidden float32 little endian [positions, width]; empty on the first stage
     * @param routing which experts layers of earlier stages have chosen; empty unless that is reported
     * @param entry of the first record that they come from
     * @param emits whether what comes of them is appended
     * @param samples whether a token is to be sampled behind the last position
     * @param completed the work that ends with them
     */
    record Chunk(
            ShardSession session,
            int first,
            List<Integer> tokenIds,
            Turn turn,
            ByteString hidden,
            List<LayerRouting> routing,
            LaneLedger.Entry entry,
            boolean emits,
            boolean samples,
            List<Work> completed) {
        int rows() {
            return tokenIds.size();
        }

        int end() {
            return first + rows();
        }

        /** Whether it has positions of a prompt of which more is reported than the token behind it. */
        private boolean reportsPrompt() {
            return turn.reportsPrompt() && first < turn.promptLength();
        }

        /** Whether it is told which experts are chosen for it. */
        private boolean reportsRouting() {
            return emits && turn.reportsRouting();
        }

        /** The positions of both, of which nothing is appended; replays run as fast as prompts by that. */
        private Chunk and(Chunk next) {
            List<Integer> ids = new ArrayList<>(tokenIds);
            ids.addAll(next.tokenIds);
            List<Work> works = new ArrayList<>(completed);
            works.addAll(next.completed);
            return new Chunk(
                    session, first, ids, turn, hidden.concat(next.hidden), routing, entry, false, false, works);
        }
    }

    /** Told what came of each chunk that emits, in the order of the batch, and of some that do not. */
    interface Results {
        /**
         * The hidden states [rows, width] behind this stage, for the next one, and which experts this stage and those before
         * it have chosen, if that is reported.
         */
        void hidden(Chunk chunk, MemorySegment states, List<LayerRouting> routing);

        /**
         * The hidden states [rows, width] behind the last layer, of a chunk whose turn reports on its prompt and that has
         * positions of it, whether it emits or not; only on the last stage, and before the logits of the chunk.
         */
        void prompt(Chunk chunk, FloatMatrix states);

        /**
         * Which experts all layers have chosen for a chunk that emits and whose turn reports that; only on the last stage, and
         * before the logits of the chunk.
         */
        void routed(Chunk chunk, List<LayerRouting> routing);

        /**
         * The logits [vocabulary] behind the last position of a chunk that samples, and again which experts were chosen for
         * the chunk; only the last stage has any.
         */
        void logits(Chunk chunk, MemorySegment logits, List<LayerRouting> routing);

        /** The session of this chunk cannot go on. */
        void failed(Chunk chunk, SequenceException reason);
    }

    private final DecoderStage stage;
    private final StageModel model;
    private final ShardFigures figures;
    private final ShardTimings timings;
    private final SessionTracing tracing;
    private final Batch batch;
    private final BatchRouting routing = new BatchRouting();
    private final Map<ShardSession, List<Chunk>> bySession = new LinkedHashMap<>();

    StageBatch(DecoderStage stage, StageModel model, ShardObservers observers) {
        this.figures = observers.figures();
        this.timings = observers.timings();
        this.tracing = observers.tracing();
        this.stage = stage;
        this.model = model;
        this.batch = new Batch(stage.maximalRows());
    }

    boolean isEmpty() {
        return bySession.isEmpty();
    }

    boolean holds(ShardSession session) {
        return bySession.containsKey(session);
    }

    /**
     * Moves a session that has no positions yet over those whose keys and values other sessions have left, as far as nothing
     * needs to be handed on or told of them.
     */
    void adopt(ShardSession session) {
        boolean told = session.request().getScoresPrompt() || session.request().getReportsRouting();
        if (session.state().positions() != 0
                || holds(session)
                || (told && model.range().last())) {
            return;
        }
        List<Integer> ids = new ArrayList<>();
        for (Work work : session.readyWork()) {
            if (work.emits() && !model.range().last()) {
                break;
            }
            List<Integer> all = work.activation().getTokenIdsList();
            ids.addAll(all.subList(work.nextRow(), all.size()));
        }
        int limit = model.range().last() ? Math.min(ids.size(), session.turn().promptLength() - 1) : ids.size();
        int adopted = stage.prefixCache().adopt(session.state(), ints(ids), limit);
        count(session, adopted);
        if (adopted > 0) {
            skip(session, adopted);
            figures.adoptedPositions.add(adopted);
        }
    }

    /** A prompt that is computed again does not count: its tokens were looked up when it came first. */
    private void count(ShardSession session, int adopted) {
        Work next = session.nextWork();
        if (next != null && next.emits()) {
            figures.prefixQueries.add(session.turn().promptLength());
            figures.prefixHits.add(adopted);
            timings.scheduled(session);
        }
    }

    private void skip(ShardSession session, int positions) {
        int left = positions;
        while (left > 0) {
            Work work = Objects.requireNonNull(session.nextWork());
            int rows = Math.min(left, work.rows());
            Chunk chunk = taken(session, work, rows);
            session.taken(rows);
            if (model.range().last()) {
                session.text().remember(chunk.first(), chunk.tokenIds(), chunk.turn());
            }
            chunk.completed().forEach(Work::end);
            left -= rows;
        }
    }

    /** Takes the next rows out of a session's work. */
    void add(ShardSession session, Work work, int rows) {
        Chunk chunk = taken(session, work, rows);
        List<Chunk> chunks = bySession.computeIfAbsent(session, first -> new ArrayList<>());
        boolean joins = !chunk.emits()
                && !chunks.isEmpty()
                && !chunks.getLast().emits()
                && chunks.getLast().turn().equals(chunk.turn());
        if (joins) {
            chunks.add(chunks.removeLast().and(chunk));
        } else {
            chunks.add(chunk);
        }
    }

    private Chunk taken(ShardSession session, Work work, int rows) {
        Activation activation = work.activation();
        int from = work.nextRow();
        int first = work.nextPosition();
        work.take(rows);
        List<Integer> ids = activation.getTokenIdsList().subList(from, from + rows);
        boolean samples = work.emits()
                && model.range().last()
                && first + rows >= work.turn().promptLength();
        List<Work> completed = work.rows() == 0 ? List.of(work) : List.of();
        boolean reportsRouting = work.emits() && work.turn().reportsRouting();
        return new Chunk(
                session,
                first,
                ids,
                work.turn(),
                hidden(activation, from, rows),
                reportsRouting ? RoutingRecords.part(activation.getRoutingList(), from, rows) : List.of(),
                work.entry(),
                work.emits(),
                samples,
                completed);
    }

    private ByteString hidden(Activation activation, int from, int rows) {
        if (model.range().first()) {
            return ByteString.EMPTY;
        }
        int rowBytes = model.architecture().width() * Float.BYTES;
        return activation.getHiddenStates().substring(from * rowBytes, (from + rows) * rowBytes);
    }

    /** Computes everything added so far and empties the batch; sessions that cannot go on leave the others alone. */
    void run(Results results) {
        long start = System.nanoTime();
        while (!bySession.isEmpty() && !forward(results)) {
            // Each round without a result has taken one session out, so the rounds are bounded.
        }
        long end = System.nanoTime();
        timings.passed(batch.rows(), end - start);
        report(results, start, end);
        clear();
    }

    /** Forgets everything added so far. */
    void clear() {
        bySession.values().forEach(StageBatch::end);
        bySession.clear();
        batch.clear();
    }

    private static void end(List<Chunk> chunks) {
        chunks.forEach(chunk -> chunk.completed().forEach(Work::end));
    }

    private boolean forward(Results results) {
        batch.clear();
        bySession.values().forEach(chunks -> chunks.forEach(this::place));
        try {
            stage.forward(batch, reportsRouting() ? routing : RoutingObserver.NONE);
            return true;
        } catch (SequenceException reason) {
            remove(reason.sequence(), results, reason);
            return false;
        }
    }

    private boolean reportsRouting() {
        return bySession.values().stream().flatMap(List::stream).anyMatch(Chunk::reportsRouting);
    }

    private void place(Chunk chunk) {
        LogitsRows wanted = chunk.samples() ? LogitsRows.LAST : LogitsRows.NONE;
        SequenceState state = chunk.session().state();
        if (model.range().first()) {
            batch.add(state, chunk.first(), ints(chunk.tokenIds()), wanted);
        } else {
            MemorySegment hidden = MemorySegment.ofBuffer(chunk.hidden().asReadOnlyByteBuffer());
            batch.add(state, chunk.first(), hidden, chunk.rows(), wanted);
        }
    }

    private void remove(SequenceState sequence, Results results, SequenceException reason) {
        List<Chunk> chunks = bySession.values().stream()
                .filter(candidates -> candidates.getFirst().session().state() == sequence)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a sequence failed that is not in the batch", reason));
        Chunk first = chunks.getFirst();
        results.failed(first, reason);
        bySession.remove(first.session());
        end(chunks);
    }

    private void report(Results results, long startNanos, long endNanos) {
        int index = 0;
        for (List<Chunk> chunks : bySession.values()) {
            for (Chunk chunk : chunks) {
                tracing.computed(chunk, startNanos, endNanos);
                report(chunk, index, results);
                index++;
            }
            ShardSession session = chunks.getLast().session();
            if (session.finished()) {
                tracing.ended(session);
            }
        }
    }

    private static int[] ints(List<Integer> tokenIds) {
        return tokenIds.stream().mapToInt(Integer::intValue).toArray();
    }

    private void report(Chunk chunk, int index, Results results) {
        stage.prefixCache().remember(chunk.session().state(), chunk.first(), ints(chunk.tokenIds()));
        if (model.range().last()) {
            chunk.session().text().remember(chunk.first(), chunk.tokenIds(), chunk.turn());
        }
        if (model.range().last() && chunk.reportsPrompt()) {
            results.prompt(chunk, states(chunk, index));
        }
        if (chunk.emits()) {
            emit(chunk, index, results);
        } else {
            figures.replayedPositions.add(chunk.rows());
        }
    }

    private void emit(Chunk chunk, int index, Results results) {
        List<LayerRouting> chosen = chunk.reportsRouting() ? routing(chunk, index) : List.of();
        if (!model.range().last()) {
            results.hidden(chunk, states(chunk, index).data(), chosen);
            return;
        }
        if (chunk.reportsRouting()) {
            results.routed(chunk, chosen);
        }
        if (chunk.samples()) {
            results.logits(chunk, stage.logits().row(batch.firstLogitsRow(index)), chosen);
        }
    }

    private List<LayerRouting> routing(Chunk chunk, int index) {
        List<LayerRouting> here = routing.of(batch.firstRow(index), chunk.rows());
        return Stream.concat(chunk.routing().stream(), here.stream()).toList();
    }

    private FloatMatrix states(Chunk chunk, int index) {
        return stage.hidden().rows(batch.firstRow(index), chunk.rows());
    }
}
