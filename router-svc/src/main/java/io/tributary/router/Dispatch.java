package io.tributary.router;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.tributary.proto.router.v1.ExpertResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings portions to shards and their outputs back. A shard computes the same bits as any other, so what one does not answer
 * another may, and the first answer counts. Lives on the loop.
 */
final class Dispatch {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Loop loop;
    private final RouterLimits limits;
    private final WorkMessages messages;
    private final ShardDirectory directory;
    private final AbsentExperts absent;
    private final RouterFigures figures;
    private final Consumer<Portion> done;
    private final RecentLatencies latencies = new RecentLatencies();
    private final HedgeBudget hedges = new HedgeBudget();
    private final Map<Long, ShardWork> works = new HashMap<>();
    private long lastWorkId;

    /**
     * @param rowBytes of a row
     * @param done takes portions that are computed or have failed
     */
    Dispatch(
            Loop loop,
            RouterLimits limits,
            int rowBytes,
            ShardDirectory directory,
            RouterFigures figures,
            Consumer<Portion> done) {
        this.loop = loop;
        this.limits = limits;
        messages = new WorkMessages(limits.messageBytes(), rowBytes);
        this.directory = directory;
        this.figures = figures;
        this.done = done;
        absent = new AbsentExperts(loop, limits.absenceTimeout(), directory, this::dispatch, this::fail);
    }

    /** Sends portions to replicas with short queues; those without a replica wait for one. */
    void dispatch(List<Portion> portions) {
        Map<ExpertShard, List<Portion>> chosen = new LinkedHashMap<>();
        for (Portion portion : portions) {
            ExpertShard shard = choose(portion);
            if (shard == null) {
                absent.await(portion);
            } else {
                assign(portion, shard, chosen);
            }
        }
        chosen.forEach(this::send);
    }

    /** A shard has answered. */
    void result(ExpertResult result) {
        ShardWork work = works.get(result.getWorkId());
        if (work == null) {
            // It was cancelled, or given to another shard, while the answer was on its way.
            return;
        }
        Status problem = messages.problem(work, result);
        if (problem != null) {
            fail(work, problem);
            return;
        }
        end(work);
        long latency = loop.now() - work.sentAt();
        latencies.record(work.rows(), latency);
        figures.answered(latency);
        for (int index = 0; index < work.portions().size(); index++) {
            complete(work.portions().get(index), work, result.getOutputs(index));
        }
    }

    /** Work could not be sent. */
    void unsent(long workId, Status reason) {
        ShardWork work = works.get(workId);
        if (work != null) {
            fail(work, reason);
        }
    }

    /** A shard that is no longer in the directory answers nothing any more. */
    void lost(ExpertShard shard, Status reason) {
        List.copyOf(shard.works().values()).forEach(work -> fail(work, reason));
    }

    /** Shards hold other experts: what waited for some goes on. */
    void replicasChanged() {
        absent.replicasChanged();
    }

    /** A request does not wait for a portion any more. */
    void release(Portion portion) {
        if (!portion.isDone() && portion.release()) {
            portion.abandon();
            absent.forget(portion);
            leave(portion, null);
        }
    }

    private void assign(Portion portion, ExpertShard shard, Map<ExpertShard, List<Portion>> chosen) {
        shard.expect(portion.rows());
        chosen.computeIfAbsent(shard, _ -> new ArrayList<>()).add(portion);
    }

    /** A replica that has not failed the portion yet if there is one, of these one with the shortest queue. */
    private @Nullable ExpertShard choose(Portion portion) {
        ExpertShard best = null;
        for (ExpertShard shard : directory.replicas(portion.layer(), portion.expert())) {
            if (!portion.isAt(shard) && (best == null || isBetter(portion, shard, best))) {
                best = shard;
            }
        }
        return best;
    }

    private static boolean isBetter(Portion portion, ExpertShard shard, ExpertShard best) {
        boolean failed = portion.hasFailedAt(shard);
        return failed == portion.hasFailedAt(best) ? shard.queue() < best.queue() : !failed;
    }

    private void send(ExpertShard shard, List<Portion> portions) {
        messages.cut(portions, shard.link().takesOneExpertAMessage()).forEach(message -> sendMessage(shard, message));
    }

    private void sendMessage(ExpertShard shard, List<Portion> portions) {
        lastWorkId++;
        ShardWork work = new ShardWork(lastWorkId, shard, portions, loop.now());
        works.put(work.id(), work);
        shard.begin(work);
        hedges.sent();
        long hedgeAfter = hedgeAfter(work.rows());
        work.unanswered(
                hedgeAfter < limits.workTimeout()
                        ? loop.after(hedgeAfter, () -> hedge(work, limits.workTimeout() - hedgeAfter))
                        : loop.after(limits.workTimeout(), () -> expire(work)));
        work.send();
    }

    /** Without knowledge of what is usual, a shard is no straggler before half of its time is over. */
    private long hedgeAfter(int rows) {
        long median = latencies.median(rows);
        return median < 0
                ? Math.max(limits.hedgeDelay(), limits.workTimeout() / 2)
                : Math.max(limits.hedgeDelay(), (long) (limits.hedgeFactor() * median));
    }

    /** Asks other replicas for what a straggler owes; there need not be any. */
    private void hedge(ShardWork work, long remaining) {
        work.unanswered(loop.after(remaining, () -> expire(work)));
        if (!hedges.take()) {
            return;
        }
        Map<ExpertShard, List<Portion>> chosen = new LinkedHashMap<>();
        for (Portion portion : work.portions()) {
            ExpertShard other = portion.isDone() || portion.isHedged() ? null : choose(portion);
            if (other != null) {
                portion.hedge();
                figures.hedged();
                assign(portion, other, chosen);
            }
        }
        chosen.forEach(this::send);
    }

    private void expire(ShardWork work) {
        work.cancel();
        fail(work, Problems.unavailable("it has not answered in time"));
    }

    private void complete(Portion portion, ShardWork by, ByteString output) {
        if (!portion.isDone()) {
            portion.complete(output);
            leave(portion, by);
            done.accept(portion);
        }
    }

    private void fail(Portion portion, Status reason) {
        portion.fail(reason);
        leave(portion, null);
        done.accept(portion);
    }

    /** Nobody waits for the portion at other shards any more. */
    private void leave(Portion portion, @Nullable ShardWork except) {
        for (ShardWork work : portion.works()) {
            if (work != except && work.release()) {
                end(work);
                work.cancel();
            }
        }
        portion.works().clear();
    }

    private void end(ShardWork work) {
        works.remove(work.id());
        work.stop();
        work.shard().end(work);
    }

    private void fail(ShardWork work, Status reason) {
        end(work);
        List<Portion> again = new ArrayList<>();
        for (Portion portion : work.portions()) {
            portion.works().remove(work);
            if (!portion.isDone()) {
                portion.failedAt(work.shard());
                if (portion.works().isEmpty()) {
                    retry(portion, work.shard(), reason, again);
                }
            }
        }
        dispatch(again);
    }

    private void retry(Portion portion, ExpertShard failed, Status reason, List<Portion> again) {
        if (portion.attempt() == limits.attempts()) {
            fail(portion, exhausted(portion, failed, reason));
            return;
        }
        figures.retried();
        ExpertShard next = choose(portion);
        if (next != null && portion.hasFailedAt(next)) {
            long pause = portion.pause(limits.retryDelay(), LONGEST_PAUSE);
            portion.waitFor(loop.after(pause, () -> dispatch(List.of(portion))));
        } else {
            again.add(portion);
        }
    }

    private static Status exhausted(Portion portion, ExpertShard shard, Status reason) {
        return Status.newBuilder()
                .setCode(reason.getCode())
                .setMessage("layer %d, expert %d: given up after several attempts, the last one at shard %s: %s"
                        .formatted(portion.layer(), portion.expert(), shard.id(), reason.getMessage()))
                .build();
    }
}
