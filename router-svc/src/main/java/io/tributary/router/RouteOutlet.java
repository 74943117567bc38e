package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.proto.router.v1.RouteResponse;

/** The client's side of a stream of requests. Called on the loop; nothing here waits. */
interface RouteOutlet {
    /** Whether the client takes a response now. */
    boolean ready();

    /** Hands a response over. */
    void send(RouteResponse response);

    /** Asks the client for one more request. */
    void ask();

    /** Ends the stream: all is answered. */
    void end();

    /** Ends the stream, whatever is not answered. */
    void fail(Status reason);
}
