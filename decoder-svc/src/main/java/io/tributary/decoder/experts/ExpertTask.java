package io.tributary.decoder.experts;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Status;
import io.tributary.proto.router.v1.ExpertResult;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** A router's work: rows for some experts of a layer, answered once and together. */
final class ExpertTask {
    private static final Logger LOG = Logger.getLogger(ExpertTask.class);

    /**
     * What tells works apart.
     *
     * @param origin the router, or the call that it has given the work over
     * @param workId unique there
     */
    record Key(Object origin, long workId) {}

    /** The rows of one expert. The thread that computes writes the output. */
    static final class Part {
        private final ExpertTask task;
        private final int expert;
        private final MemorySegment rows;
        private final int count;
        private final byte[] output;
        private int taken;
        private int computed;

        private Part(ExpertTask task, int expert, ByteString rows, int rowBytes) {
            this.task = task;
            this.expert = expert;
            this.rows = MemorySegment.ofBuffer(rows.asReadOnlyByteBuffer());
            this.count = rows.size() / rowBytes;
            this.output = new byte[rows.size()];
        }

        ExpertTask task() {
            return task;
        }

        int layer() {
            return task.layer;
        }

        int expert() {
            return expert;
        }

        /** Float32 little endian [count, width]. */
        MemorySegment rows() {
            return rows;
        }

        /** As {@link #rows()}. */
        MemorySegment output() {
            return MemorySegment.ofArray(output);
        }

        /** Rows that nobody has taken to compute them yet. */
        int waiting() {
            return count - taken;
        }

        /** The next rows are computed now; returns the first of them. */
        int take(int rowCount) {
            int first = taken;
            taken += rowCount;
            return first;
        }

        /** So many more rows of the output are written; returns whether the whole work is done with them, and answered. */
        boolean computed(int rowCount) {
            computed += rowCount;
            return computed == count && task.partEnded();
        }
    }

    private final Key key;
    private final int layer;
    private final List<Part> parts = new ArrayList<>();
    private final Consumer<ExpertResult> answer;
    private int openParts;
    private volatile boolean over;

    /** @param answer told the result, by any thread */
    ExpertTask(Key key, int layer, Consumer<ExpertResult> answer) {
        this.key = key;
        this.layer = layer;
        this.answer = answer;
    }

    /** Adds an expert's rows, float32 little endian [rows, width], before anybody computes. */
    void add(int expert, ByteString rows, int rowBytes) {
        parts.add(new Part(this, expert, rows, rowBytes));
        openParts++;
    }

    Key key() {
        return key;
    }

    List<Part> parts() {
        return parts;
    }

    private boolean partEnded() {
        openParts--;
        if (openParts > 0) {
            return false;
        }
        ExpertResult.Builder result = ExpertResult.newBuilder().setWorkId(key.workId());
        // The arrays belong to the message from here on.
        parts.forEach(part -> result.addOutputs(UnsafeByteOperations.unsafeWrap(part.output)));
        answer(result.build());
        return true;
    }

    /** Nobody waits for it any more: it is not answered. Callable from any thread. */
    void abandon() {
        over = true;
    }

    /** The work cannot be done. */
    void fail(Status problem) {
        answer(ExpertResult.newBuilder()
                .setWorkId(key.workId())
                .setError(problem)
                .build());
    }

    private void answer(ExpertResult result) {
        if (!over) {
            over = true;
            try {
                answer.accept(result);
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "the result of work %d got lost", key.workId());
            }
        }
    }
}
