package io.tributary.gateway.access;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Set;

/**
 * Lets HTTP requests of known callers through, and counts them. Health and the chat page are
 * for everybody, metrics are if configured.
 */
@ApplicationScoped
public class HttpAccessFilter {
    /** Behind the one for CORS, whose questions come without a key; before all routes. */
    private static final int PRIORITY = 200;

    private static final Set<String> METRICS = Set.of("/q/metrics", "/q/metrics/");
    private static final String PAGE = "/chat/";
    private static final String HEALTH = "/q/health";
    private static final String MANAGEMENT = "/q/";

    private final Authentication authentication;
    private final Quotas quotas;
    private final AccessConfiguration configuration;

    @Inject
    HttpAccessFilter(Authentication authentication, Quotas quotas, AccessConfiguration configuration) {
        this.authentication = authentication;
        this.quotas = quotas;
        this.configuration = configuration;
    }

    void register(@Observes Filters filters) {
        filters.register(this::filter, PRIORITY);
    }

    private void filter(RoutingContext request) {
        String path = request.normalizedPath();
        if (isOpen(path) || isPage(request.request().method(), path)) {
            request.next();
            return;
        }
        authentication
                .callerOf(request.request().getHeader("Authorization"))
                .invoke(caller -> {
                    if (!path.startsWith(MANAGEMENT)) {
                        quotas.request(caller);
                    }
                })
                .emitOn(CallContext.current())
                .invoke(Caller::ownsRequest)
                .subscribe()
                .with(caller -> request.next(), refusal -> HttpRefusal.send(request, refusal));
    }

    /** A browser shows no key when it opens a page; what the page asks for then needs one. */
    private static boolean isPage(HttpMethod method, String path) {
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        return reads && (path.equals("/") || path.equals("/index.html") || path.startsWith(PAGE));
    }

    private boolean isOpen(String path) {
        return path.equals(HEALTH)
                || path.startsWith(HEALTH + "/")
                || (configuration.openMetrics() && METRICS.contains(path));
    }
}
