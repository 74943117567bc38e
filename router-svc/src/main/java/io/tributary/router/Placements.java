package io.tributary.router;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import io.tributary.proto.router.v1.PlaceExpertsResponse;
import io.tributary.router.Loop.Timer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moves experts between shards, one placement at a time. First every shard loads what it gains; when all have, each lets go of
 * what it loses: so an expert has a replica all the time. A placement that fails before is taken back; after that it stands,
 * and a shard that attaches anew is asked for it again. Lives on the loop.
 */
final class Placements {
    private static final long LONGEST_MILLIS = 3_600_000;
    private static final long USUAL_MILLIS = 600_000;

    /** Who asked. */
    interface Reply {
        void placed(PlaceExpertsResponse response);

        void failed(Status reason);
    }

    /** A shard that takes part. */
    private record Move(ExpertShard shard, ExpertSet before, ExpertSet wanted) {
        boolean isLoaded() {
            return wanted.minus(shard.experts()).isEmpty();
        }

        boolean isDone() {
            return wanted.equals(shard.experts());
        }

        boolean gains() {
            return !wanted.minus(before).isEmpty();
        }
    }

    private static final class Run {
        private final Map<String, Move> moves;
        private final Reply reply;
        private boolean drops;
        private @Nullable Timer deadline;

        Run(Map<String, Move> moves, Reply reply) {
            this.moves = moves;
            this.reply = reply;
        }
    }

    private final Loop loop;
    private final ShardDirectory directory;
    private final PlacementCheck check;
    private final Map<String, ExpertSet> remembered = new HashMap<>();
    private @Nullable Run running;

    Placements(Loop loop, ShardDirectory directory, PlacementCheck check) {
        this.loop = loop;
        this.directory = directory;
        this.check = check;
    }

    /** Begins a placement; the reply comes on the loop. */
    void place(PlaceExpertsRequest request, Reply reply) {
        long millis = Integer.toUnsignedLong(request.getDeadlineMs());
        Status problem = millis > LONGEST_MILLIS
                ? Problems.invalidArgument("deadline_ms: %d; it must be 0 to %d".formatted(millis, LONGEST_MILLIS))
                : check.problem(request, directory);
        if (problem == null && running != null) {
            problem = Problems.of(Code.ABORTED, "another placement is under way; try again when it is over");
        }
        if (problem != null) {
            reply.failed(problem);
            return;
        }
        Run run = new Run(moves(PlacementCheck.wanted(request)), reply);
        running = run;
        run.deadline = loop.after(
                (millis == 0 ? USUAL_MILLIS : millis) * 1_000_000,
                () -> fail(run, Problems.of(Code.DEADLINE_EXCEEDED, "not all shards hold their experts in time")));
        for (Move move : run.moves.values()) {
            if (move.gains()) {
                move.shard().link().hold(move.before().plus(move.wanted()));
            }
        }
        advance(run);
    }

    /** A shard is new: it holds what it is told by its configuration, until it is asked for more. */
    void attached(ExpertShard shard) {
        ExpertSet wanted = remembered.get(shard.id());
        if (wanted != null && !wanted.equals(shard.experts())) {
            shard.link().hold(wanted);
        }
    }

    /** Some shard holds other experts than before. */
    void announced() {
        Run run = running;
        if (run != null) {
            advance(run);
        }
    }

    /** A shard cannot hold what it was asked to. */
    void refused(ExpertShard shard, Status reason) {
        Run run = running;
        if (run != null && run.moves.containsKey(shard.id())) {
            fail(
                    run,
                    Status.newBuilder()
                            .setCode(reason.getCode())
                            .setMessage("shard %s: %s".formatted(shard.id(), reason.getMessage()))
                            .build());
        }
    }

    /** A shard is no longer attached. */
    void lost(ExpertShard shard) {
        Run run = running;
        if (run != null && run.moves.containsKey(shard.id())) {
            fail(run, Problems.unavailable("shard %s was lost while experts were moved".formatted(shard.id())));
        }
    }

    private Map<String, Move> moves(Map<String, ExpertSet> wanted) {
        Map<String, Move> moves = new LinkedHashMap<>();
        wanted.forEach((id, experts) -> {
            ExpertShard shard = directory.find(id);
            if (shard != null) {
                moves.put(id, new Move(shard, shard.experts(), experts));
            }
        });
        return moves;
    }

    private void advance(Run run) {
        if (!run.drops && run.moves.values().stream().allMatch(Move::isLoaded)) {
            run.drops = true;
            for (Move move : run.moves.values()) {
                remembered.put(move.shard().id(), move.wanted());
                if (!move.isDone()) {
                    move.shard().link().hold(move.wanted());
                }
            }
        }
        if (run.drops && run.moves.values().stream().allMatch(Move::isDone)) {
            end(run);
            run.reply.placed(PlaceExpertsResponse.newBuilder()
                    .addAllShards(run.moves.values().stream()
                            .map(move -> move.shard().announcement())
                            .toList())
                    .build());
        }
    }

    private void fail(Run run, Status reason) {
        end(run);
        if (!run.drops) {
            for (Move move : run.moves.values()) {
                if (move.gains()) {
                    move.shard().link().hold(move.before());
                }
            }
        }
        run.reply.failed(reason);
    }

    private void end(Run run) {
        running = null;
        if (run.deadline != null) {
            run.deadline.cancel();
        }
    }
}
