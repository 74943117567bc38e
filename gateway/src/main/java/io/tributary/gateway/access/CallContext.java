package io.tributary.gateway.access;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** The Vert.x context in which a call is served, as the place where its tasks run. */
final class CallContext {
    private CallContext() {}

    /** Runs a task in the context of now: at once if that is where it comes from, so that most calls need not wait for a turn. */
    static Executor current() {
        Context context = Vertx.currentContext();
        return task -> {
            if (context == null || context.equals(Vertx.currentContext())) {
                task.run();
            } else {
                context.runOnContext(_ -> task.run());
            }
        };
    }
}
