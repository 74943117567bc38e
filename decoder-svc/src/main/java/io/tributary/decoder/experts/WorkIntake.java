package io.tributary.decoder.experts;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.models.ExpertBank;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertRows;
import io.tributary.proto.router.v1.ExpertWork;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at work before it waits: what cannot be computed is refused at once. Thread-safe. */
final class WorkIntake {
    private static final int EXPONENT = 0x7f80_0000;

    private final ExpertBank bank;
    private final ExpertQueue queue;
    private final ExpertFigures figures;
    private final int rowBytes;

    WorkIntake(ExpertBank bank, ExpertQueue queue, ExpertFigures figures) {
        this.bank = bank;
        this.queue = queue;
        this.figures = figures;
        this.rowBytes = bank.width() * Float.BYTES;
    }

    /** Whether more work should be brought at present. */
    boolean hasRoom() {
        return queue.hasRoom();
    }

    /**
     * Takes work in, or answers why not.
     *
     * @param origin who will cancel it: see {@link ExpertTask.Key}
     * @param answer told the result, by any thread
     */
    void accept(Object origin, ExpertWork work, Consumer<ExpertResult> answer) {
        ExpertTask task = new ExpertTask(new ExpertTask.Key(origin, work.getWorkId()), work.getLayer(), answer);
        Status problem = problemOf(work);
        if (problem != null) {
            figures.refused();
            task.fail(problem);
            return;
        }
        work.getExpertsList().forEach(rows -> task.add(rows.getExpert(), rows.getHiddenStates(), rowBytes));
        queue.add(task);
    }

    /** What has not been computed of a work need not be. */
    void cancel(Object origin, long workId) {
        queue.remove(new ExpertTask.Key(origin, workId));
    }

    /** Nothing that came from there need be computed any more. */
    void cancelAll(Object origin) {
        queue.removeAll(origin);
    }

    private @Nullable Status problemOf(ExpertWork work) {
        if (work.getExpertsCount() == 0) {
            return status(Code.INVALID_ARGUMENT, "experts: the work names none; at least one is needed");
        }
        for (ExpertRows rows : work.getExpertsList()) {
            Status problem = problemOf(work.getLayer(), rows.getExpert(), rows.getHiddenStates());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private @Nullable Status problemOf(int layer, int expert, ByteString rows) {
        String place =
                "expert %s of layer %s".formatted(Integer.toUnsignedString(expert), Integer.toUnsignedString(layer));
        if (!bank.holds(layer, expert)) {
            return status(
                    Code.NOT_FOUND,
                    "%s is not held by this shard; it has the experts %s of its layers"
                            .formatted(place, bank.experts()));
        }
        if (rows.isEmpty() || rows.size() % rowBytes != 0) {
            return status(
                    Code.INVALID_ARGUMENT,
                    "hidden_states: %d bytes for %s; rows of %d bytes are needed, at least one"
                            .formatted(rows.size(), place, rowBytes));
        }
        if (!finite(rows)) {
            return status(
                    Code.INVALID_ARGUMENT,
                    "hidden_states: a NaN or infinity for %s; finite numbers are needed".formatted(place));
        }
        return null;
    }

    private static boolean finite(ByteString rows) {
        ByteBuffer numbers = rows.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        boolean finite = true;
        while (numbers.hasRemaining()) {
            finite &= (numbers.getInt() & EXPONENT) != EXPONENT;
        }
        return finite;
    }

    private static Status status(Code code, String message) {
        return Status.newBuilder().setCode(code.getNumber()).setMessage(message).build();
    }
}
