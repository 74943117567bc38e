package io.tributary.router;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A stage: it sends a request whenever it is asked for one, and keeps what it is answered. */
final class FakeClient implements RouteOutlet {
    private final RouterRig rig;
    private final RouteStream stream = new RouteStream(this);
    private final Queue<RouteRequest> unsent = new ArrayDeque<>();
    private final List<RouteResponse> answers = new ArrayList<>();
    private int asked;
    private boolean reads = true;
    private boolean ended;
    private @Nullable Status failure;

    FakeClient(RouterRig rig) {
        this.rig = rig;
        rig.router().open(stream);
    }

    /** Sends a request as soon as it is asked for one. */
    void send(RouteRequest request) {
        unsent.add(request);
        sendAsked();
    }

    /** Sends the input of a layer for some sequences. */
    void send(long id, int layer, ByteString input, int... lengths) {
        send(rig.request(id, layer, input)
                .addAllSequenceLengths(IntStream.of(lengths).boxed().toList())
                .build());
    }

    private void sendAsked() {
        while (asked > 0 && !unsent.isEmpty()) {
            asked--;
            RouteRequest request = unsent.remove();
            rig.loop().execute(() -> rig.router().request(stream, request));
        }
    }

    /** Requests that it has not been asked for. */
    int unsent() {
        return unsent.size();
    }

    /** Takes no answers from now on. */
    void stopReading() {
        reads = false;
    }

    /** Takes answers again, of which the router has not been told yet. */
    void readOnSilently() {
        reads = true;
    }

    void goOnReading() {
        readOnSilently();
        rig.router().ready(stream);
        rig.loop().run();
    }

    void cancel() {
        rig.router().cancel(stream);
        rig.loop().run();
    }

    void halfClose() {
        rig.router().halfClose(stream);
        rig.loop().run();
    }

    List<RouteResponse> answers() {
        return answers;
    }

    /** The only answer so far. */
    RouteResponse answer() {
        if (answers.size() != 1) {
            throw new AssertionError(answers.size() + " answers instead of one: " + answers);
        }
        return answers.getFirst();
    }

    boolean ended() {
        return ended;
    }

    @Nullable
    Status failure() {
        return failure;
    }

    @Override
    public boolean ready() {
        return reads;
    }

    @Override
    public void send(RouteResponse response) {
        answers.add(response);
    }

    @Override
    public void ask() {
        asked++;
        sendAsked();
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public void fail(Status reason) {
        failure = reason;
    }
}
