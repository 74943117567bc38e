package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.proto.router.v1.ExpertShardCommand;

/** A shard's side of an attachment. Called on the loop; nothing here waits. */
interface AttachOutlet {
    /** Hands a command over. */
    void send(ExpertShardCommand command);

    /** Ends the call of the shard. */
    void end(Status reason);
}
