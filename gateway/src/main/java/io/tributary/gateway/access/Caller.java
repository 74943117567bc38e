package io.tributary.gateway.access;

import io.grpc.Context;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import java.util.Locale;

/**
 * Who makes a call.
 *
 * @param origin how the caller was told from others
 * @param name of the API key, or the subject of the OIDC token; empty for anonymous callers
 */
public record Caller(Origin origin, String name) {
    /** Everybody who was not asked for a key, and calls from inside the process. */
    public static final Caller ANONYMOUS = new Caller(Origin.ANONYMOUS, "");

    private static final Context.Key<Caller> GRPC = Context.key("tributary-caller");
    private static final String HTTP = Caller.class.getName();

    /** How a caller was told from others. */
    public enum Origin {
        /** Not at all. */
        ANONYMOUS,
        /** By an API key. */
        KEY,
        /** By a token of an OIDC provider. */
        OIDC
    }

    /** The caller of the gRPC call or of the HTTP request that is being served. */
    public static Caller current() {
        Caller caller = GRPC.get();
        if (caller == null && VertxContext.isOnDuplicatedContext()) {
            caller = ContextLocals.<Caller>get(HTTP).orElse(null);
        }
        return caller == null ? ANONYMOUS : caller;
    }

    /** The context of a gRPC call of this caller. */
    public Context in(Context context) {
        return context.withValue(GRPC, this);
    }

    /** From now on the HTTP request that is being served is this caller's. */
    void ownsRequest() {
        ContextLocals.put(HTTP, this);
    }

    /** As quotas are told of, like {@code key:team-a}. */
    String subject() {
        String kind = origin.name().toLowerCase(Locale.ROOT);
        return origin == Origin.ANONYMOUS ? kind : kind + ":" + name;
    }
}
