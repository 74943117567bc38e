package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertWork;

/** How a router reaches one expert shard. Called on the loop; nothing here waits. */
interface ShardLink {
    /** Asks for work; its result comes to {@link Router#result}. */
    void send(ExpertWork work);

    /**
     * Nobody waits for work any more.
     *
     * @param expert the first one of the work
     */
    void cancel(long workId, int expert);

    /** Asks to hold exactly these experts. */
    void hold(ExpertSet experts);

    /** Ends the attachment. */
    void end(Status reason);

    /** Whether a message has rows of one expert only. */
    boolean takesOneExpertAMessage();
}
