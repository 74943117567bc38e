package io.tributary.router;

import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import java.util.LinkedHashMap;
import java.util.Map;

/** An attached expert shard: what it holds, and what it has been asked for. Lives on the loop. */
final class ExpertShard {
    private final ShardLink link;
    private final Map<Long, ShardWork> works = new LinkedHashMap<>();
    private ExpertShardAnnouncement announcement;
    private ExpertSet experts;
    private long reportedRows;
    private long rowsUnderWay;
    private long lastHeard;

    ExpertShard(ExpertShardAnnouncement announcement, ShardLink link, long now) {
        this.announcement = announcement;
        this.link = link;
        lastHeard = now;
        experts = experts(announcement);
    }

    private static ExpertSet experts(ExpertShardAnnouncement announcement) {
        return ExpertSet.of(announcement.getExpertsList().stream().mapToInt(Integer::intValue));
    }

    String id() {
        return announcement.getShardId();
    }

    ShardLink link() {
        return link;
    }

    ExpertShardAnnouncement announcement() {
        return announcement;
    }

    ExpertSet experts() {
        return experts;
    }

    boolean covers(int layer) {
        return announcement.getFirstLayer() <= layer && layer < announcement.getEndLayer();
    }

    boolean holds(int layer, int expert) {
        return covers(layer) && experts.contains(expert);
    }

    void announce(ExpertShardAnnouncement changed) {
        announcement = changed;
        experts = experts(changed);
    }

    void heard(long now) {
        lastHeard = now;
    }

    long lastHeard() {
        return lastHeard;
    }

    void report(long waitingRows) {
        reportedRows = waitingRows;
    }

    /** Rows that it has waiting by its last heartbeat, of all routers. */
    long reportedRows() {
        return reportedRows;
    }

    /** Rows of this router that it has not answered. */
    long rowsUnderWay() {
        return rowsUnderWay;
    }

    /** How long its queue is, as far as this router can know. */
    long queue() {
        return reportedRows + rowsUnderWay;
    }

    /** Counts rows that are going to be sent, so that the next choice sees them. */
    void expect(int rows) {
        rowsUnderWay += rows;
    }

    /** The work that it has not answered, by id. */
    Map<Long, ShardWork> works() {
        return works;
    }

    void begin(ShardWork work) {
        works.put(work.id(), work);
    }

    void end(ShardWork work) {
        if (works.remove(work.id()) != null) {
            rowsUnderWay -= work.rows();
        }
    }
}
