package io.tributary.router;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.tributary.router.Loop.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request that was taken: the input of one layer for the positions of some sequences. Lives on the loop. */
final class LayerRequest {
    private final RouteStream stream;
    private final long id;
    private final int layer;
    private ByteString input;
    private final int[] ends;
    private final boolean reportsRouting;
    private final List<Portion> portions = new ArrayList<>();
    private final SortedMap<Integer, Status> failures = new TreeMap<>();
    private @Nullable Timer deadline;
    private int openPortions;
    private boolean over;

    /**
     * @param input float32 [positions, width]
     * @param ends the position behind each sequence
     */
    LayerRequest(RouteStream stream, long id, int layer, ByteString input, int[] ends, boolean reportsRouting) {
        this.stream = stream;
        this.id = id;
        this.layer = layer;
        this.input = input;
        this.ends = ends.clone();
        this.reportsRouting = reportsRouting;
    }

    RouteStream stream() {
        return stream;
    }

    long id() {
        return id;
    }

    int layer() {
        return layer;
    }

    int positions() {
        return ends[ends.length - 1];
    }

    /** The input, which is kept no longer. */
    ByteString takeInput() {
        ByteString taken = input;
        input = ByteString.EMPTY;
        return taken;
    }

    int sequences() {
        return ends.length;
    }

    int first(int sequence) {
        return sequence == 0 ? 0 : ends[sequence - 1];
    }

    /** The position behind a sequence. */
    int end(int sequence) {
        return ends[sequence];
    }

    boolean reportsRouting() {
        return reportsRouting;
    }

    void expire(Timer timer) {
        deadline = timer;
    }

    /** Takes part in a portion; in ascending order of experts, and of positions within one. */
    void add(Portion portion) {
        portions.add(portion);
        openPortions++;
    }

    /** The portions, in ascending order of experts. */
    List<Portion> portions() {
        return portions;
    }

    /**
     * A portion is done.
     *
     * @return whether all are
     */
    boolean portionDone() {
        openPortions--;
        return openPortions == 0;
    }

    /** The sequence of a position fails; the first reason counts. */
    void failPosition(int position, Status reason) {
        int sequence = 0;
        while (ends[sequence] <= position) {
            sequence++;
        }
        failures.putIfAbsent(sequence, reason);
    }

    void failSequence(int sequence, Status reason) {
        failures.putIfAbsent(sequence, reason);
    }

    boolean failed(int sequence) {
        return failures.containsKey(sequence);
    }

    /** By sequence. */
    Map<Integer, Status> failures() {
        return failures;
    }

    /** Nobody waits for it any more: it was answered, or its stream has ended. */
    void finish() {
        over = true;
        if (deadline != null) {
            deadline.cancel();
        }
    }

    boolean isOver() {
        return over;
    }
}
