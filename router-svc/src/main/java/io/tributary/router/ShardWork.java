package io.tributary.router;

import io.tributary.proto.router.v1.ExpertRows;
import io.tributary.proto.router.v1.ExpertWork;
import io.tributary.router.Loop.Timer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one shard was asked for in one message. Lives on the loop. */
final class ShardWork {
    private final long id;
    private final ExpertShard shard;
    private final List<Portion> portions;
    private final int rows;
    private final long sentAt;
    private int open;
    private @Nullable Timer timer;

    /** @param portions of one layer */
    ShardWork(long id, ExpertShard shard, List<Portion> portions, long sentAt) {
        this.id = id;
        this.shard = shard;
        this.portions = List.copyOf(portions);
        this.sentAt = sentAt;
        rows = portions.stream().mapToInt(Portion::rows).sum();
        open = portions.size();
        portions.forEach(portion -> portion.works().add(this));
    }

    long id() {
        return id;
    }

    ExpertShard shard() {
        return shard;
    }

    List<Portion> portions() {
        return portions;
    }

    int rows() {
        return rows;
    }

    long sentAt() {
        return sentAt;
    }

    /**
     * A portion is done elsewhere, or nobody waits for it.
     *
     * @return whether nobody waits for any
     */
    boolean release() {
        open--;
        return open == 0;
    }

    /** Replaces what was to happen if no answer comes. */
    void unanswered(Timer next) {
        stop();
        timer = next;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    void send() {
        shard.link().send(message());
    }

    /** Nobody waits for it any more. */
    void cancel() {
        shard.link().cancel(id, portions.getFirst().expert());
    }

    private ExpertWork message() {
        ExpertWork.Builder message = ExpertWork.newBuilder()
                .setWorkId(id)
                .setLayer(portions.getFirst().layer());
        for (Portion portion : portions) {
            message.addExperts(
                    ExpertRows.newBuilder().setExpert(portion.expert()).setHiddenStates(portion.input()));
        }
        return message.build();
    }
}
