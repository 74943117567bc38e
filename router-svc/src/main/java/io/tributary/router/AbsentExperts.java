package io.tributary.router;

import com.google.rpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Portions of experts that no shard holds. They wait until their expert has been away for too long, so that a shard which
 * comes back in time saves them; from then on portions of that expert fail at once. Lives on the loop.
 */
final class AbsentExperts {
    private final Loop loop;
    private final long timeout;
    private final ShardDirectory directory;
    private final Consumer<List<Portion>> found;
    private final BiConsumer<Portion, Status> missed;
    private final Set<Portion> waiting = new LinkedHashSet<>();

    /**
     * @param timeout nanoseconds from when an expert was lost
     * @param found takes portions whose expert has come back
     * @param missed takes portions whose expert has not
     */
    AbsentExperts(
            Loop loop,
            long timeout,
            ShardDirectory directory,
            Consumer<List<Portion>> found,
            BiConsumer<Portion, Status> missed) {
        this.loop = loop;
        this.timeout = timeout;
        this.directory = directory;
        this.found = found;
        this.missed = missed;
    }

    void await(Portion portion) {
        long remaining = directory.absentSince(portion.layer(), portion.expert()) + timeout - loop.now();
        if (remaining <= 0) {
            missed.accept(portion, reason(portion));
            return;
        }
        waiting.add(portion);
        portion.waitFor(loop.after(remaining, () -> expire(portion)));
    }

    /** Nobody waits for a portion any more. */
    void forget(Portion portion) {
        waiting.remove(portion);
    }

    void replicasChanged() {
        List<Portion> back = new ArrayList<>();
        for (Portion portion : waiting) {
            if (!directory.replicas(portion.layer(), portion.expert()).isEmpty()) {
                portion.stopWaiting();
                back.add(portion);
            }
        }
        back.forEach(waiting::remove);
        found.accept(back);
    }

    private void expire(Portion portion) {
        waiting.remove(portion);
        missed.accept(portion, reason(portion));
    }

    private Status reason(Portion portion) {
        long absent = loop.now() - directory.absentSince(portion.layer(), portion.expert());
        return Problems.unavailable(
                ("layer %d, expert %d: no expert shard has held it for %d ms, and it is not waited for longer; start a shard"
                                + " that does, or place the expert on one")
                        .formatted(portion.layer(), portion.expert(), absent / 1_000_000));
    }
}
