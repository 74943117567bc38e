package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.proto.router.v1.ExpertResult;

/** What becomes of work; called from threads other than the loop. */
interface Outcomes {
    /** A shard has answered. */
    void result(ExpertResult result);

    /** Work did not reach its shard. */
    void unsent(long workId, Status reason);
}
