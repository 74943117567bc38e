package io.tributary.router;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.models.experts.ExpertStatistics;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.router.Portion.Share;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes requests, gates them, has their experts computed, and answers them. Lives on the loop. */
final class Router {
    private static final Logger LOG = Logger.getLogger(Router.class);

    /** Nanoseconds within which a stage that generates comes back to the same layer. */
    private static final long RECENT = 1_000_000_000;

    private final Loop loop;
    private final GatedModel model;
    private final RouterLimits limits;
    private final RouterFigures figures;
    private final RequestCheck check;
    private final StreamAdmission admission;
    private final GroupingWindows windows;
    private final ExpertStatistics statistics;
    private final WindowGating gating;
    private final ShardDirectory directory;
    private final Dispatch dispatch;
    private final RouteAnswers answers;

    Router(Loop loop, GatedModel model, RouterLimits limits, RouterFigures figures) {
        this.loop = loop;
        this.model = model;
        this.limits = limits;
        this.figures = figures;
        check = new RequestCheck(
                model.fingerprint(), model.width(), model.layerCount(), model.layers(), limits.windowRows());
        admission = new StreamAdmission(limits.streamRows(), limits.allRows());
        windows = new GroupingWindows(
                loop, limits.groupingWindow(), limits.windowRows(), this::nobodyElseSends, this::gate);
        statistics =
                new ExpertStatistics(model.layers().all().size(), model.layers().layers());
        gating = new WindowGating(model, limits.windowRows(), limits.messageBytes(), statistics);
        directory = new ShardDirectory(loop, model.layers());
        dispatch = new Dispatch(loop, limits, model.rowBytes(), directory, figures, this::done);
        answers = new RouteAnswers(model.width());
    }

    ShardDirectory directory() {
        return directory;
    }

    Dispatch dispatch() {
        return dispatch;
    }

    /** What the gates chose; it may be read by any thread. */
    ExpertStatistics statistics() {
        return statistics;
    }

    /** Which shards are attached, and what the gates chose. */
    DescribeExpertsResponse describe() {
        return ExpertDescription.of(model, directory, statistics, loop.now());
    }

    /** Rows of requests that are under way. Callable from any thread. */
    long rowsUnderWay() {
        return admission.rows();
    }

    /** A client begins a stream; it is asked for its first request. */
    void open(RouteStream stream) {
        admission.open(stream);
    }

    /** A request that was asked for has come. */
    void request(RouteStream stream, RouteRequest request) {
        if (stream.isOver()) {
            return;
        }
        figures.arrived();
        admission.arrived(stream);
        Status problem = problem(stream, request);
        if (problem != null) {
            figures.refused();
            admission.refuse(stream, RouteAnswers.refusal(request.getRequestId(), problem));
        } else if (request.getPositions() == 0) {
            admission.refuse(
                    stream,
                    RouteResponse.newBuilder()
                            .setRequestId(request.getRequestId())
                            .build());
        } else {
            begin(stream, request);
        }
        admission.askMore();
    }

    /** The client takes answers again. */
    void ready(RouteStream stream) {
        admission.ready(stream);
    }

    /** The client sends no more requests; it still gets its answers. */
    void halfClose(RouteStream stream) {
        admission.halfClose(stream);
        windows.lookLater();
    }

    /** The client has gone: what only it waited for is not computed. */
    void cancel(RouteStream stream) {
        for (LayerRequest request : admission.cancel(stream)) {
            request.finish();
            windows.remove(request);
            request.portions().forEach(dispatch::release);
        }
        windows.lookLater();
    }

    /** Ends all streams and attachments. */
    void close(Status reason) {
        admission.close(reason);
        List.copyOf(directory.shards()).forEach(shard -> shard.link().end(reason));
    }

    /** A shard has answered work. */
    void result(ExpertResult result) {
        dispatch.result(result);
    }

    private @Nullable Status problem(RouteStream stream, RouteRequest request) {
        return stream.has(request.getRequestId())
                ? Problems.invalidArgument("request_id: %s is under way already; ids are unique within a stream"
                        .formatted(Long.toUnsignedString(request.getRequestId())))
                : check.problem(request);
    }

    private void begin(RouteStream stream, RouteRequest message) {
        LayerRequest request = new LayerRequest(
                stream,
                message.getRequestId(),
                message.getLayer(),
                message.getHiddenStates(),
                RequestCheck.ends(message),
                message.getReportsRouting());
        figures.taken(request.positions());
        admission.begin(request, loop.now());
        request.expire(loop.after(limits.requestTimeout(), () -> expire(request)));
        windows.add(request);
    }

    /** A stage that waits for an answer sends nothing; one that has sent nothing lately is not waited for. */
    private boolean nobodyElseSends(int layer) {
        return admission.allBusy(loop.now() - RECENT, layer);
    }

    private void gate(List<LayerRequest> requests) {
        figures.window(
                requests.size(),
                requests.stream().mapToInt(LayerRequest::positions).sum());
        List<Portion> portions;
        try {
            portions = gating.gate(requests);
        } catch (RuntimeException failure) {
            LOG.error("the gate of a layer failed", failure);
            requests.forEach(request -> failAll(
                    request,
                    Problems.of(
                            Code.INTERNAL,
                            "layer %d: the gate failed; the router's log has the cause".formatted(request.layer()))));
            return;
        }
        portions.forEach(portion -> figures.portion(portion.rows()));
        dispatch.dispatch(portions);
        for (LayerRequest request : requests) {
            if (request.portions().isEmpty()) {
                answer(request);
            }
        }
    }

    private void failAll(LayerRequest request, Status reason) {
        for (int sequence = 0; sequence < request.sequences(); sequence++) {
            request.failSequence(sequence, reason);
        }
        answer(request);
    }

    private void done(Portion portion) {
        for (Share share : portion.shares()) {
            LayerRequest request = share.request();
            if (request.isOver()) {
                continue;
            }
            Status failure = portion.failure();
            if (failure != null) {
                fail(share, failure);
            }
            if (request.portionDone()) {
                answer(request);
            }
        }
    }

    private static void fail(Share share, Status reason) {
        for (int position : share.positions()) {
            share.request().failPosition(position, reason);
        }
    }

    private void expire(LayerRequest request) {
        Status reason = Problems.of(
                Code.DEADLINE_EXCEEDED,
                "layer %d: not computed within %d ms".formatted(request.layer(), limits.requestTimeout() / 1_000_000));
        if (request.portions().isEmpty()) {
            windows.remove(request);
            failAll(request, reason);
            return;
        }
        for (Portion portion : request.portions()) {
            if (!portion.isDone()) {
                fail(portion.shareOf(request), reason);
            }
        }
        answer(request);
        request.portions().forEach(dispatch::release);
    }

    private void answer(LayerRequest request) {
        request.finish();
        figures.failed(request.failures().size());
        admission.answer(request, answers.answer(request));
    }
}
