package io.tributary.router;

import com.google.rpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.tributary.edge.ExpertConfiguration;
import io.tributary.edge.ExpertConfiguration.Transport;
import io.tributary.edge.ExpertLogs;
import io.tributary.edge.ModelConfiguration;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The router of the configured model. It is loaded at start; or with the first call, if the model is to be, or if each stage
 * computes its own experts and so most probably nobody calls.
 */
@ApplicationScoped
public class ServedRouter {
    private static final Logger LOG = Logger.getLogger(ServedRouter.class);

    private final RouterConfiguration configuration;
    private final ModelConfiguration modelConfiguration;
    private final ExpertConfiguration experts;
    private final ExpertLogs logs;
    private final MeterRegistry registry;
    private volatile @Nullable RunningRouter running;
    private volatile @Nullable String problem;

    @Inject
    ServedRouter(
            RouterConfiguration configuration,
            ModelConfiguration modelConfiguration,
            ExpertConfiguration experts,
            ExpertLogs logs,
            MeterRegistry registry) {
        this.configuration = configuration;
        this.modelConfiguration = modelConfiguration;
        this.experts = experts;
        this.logs = logs;
        this.registry = registry;
    }

    void onStart(@Observes StartupEvent event) {
        if (!isLoadedByFirstCall()) {
            RunningRouter router = get();
            LOG.infof(
                    "gates of layers %s of %s; experts are reached by %s",
                    router.model().layers().layers(), router.model().name(), experts.transport());
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        RunningRouter router = running;
        if (router != null) {
            router.close();
        }
    }

    /** Whether the first call loads it, rather than the start. */
    boolean isLoadedByFirstCall() {
        return isDirect() || !modelConfiguration.loadAtStart();
    }

    /** Whether experts are computed in this process. */
    boolean isDirect() {
        return experts.transport() == Transport.DIRECT;
    }

    /** The router, if it is loaded. */
    @Nullable
    RunningRouter ifRunning() {
        return running;
    }

    /** Why it cannot be loaded, as far as is known. */
    @Nullable
    String problem() {
        return problem;
    }

    /**
     * The router, loaded if it is not yet, without blocking the caller. Fails with FAILED_PRECONDITION if it cannot be loaded;
     * the next call tries again.
     */
    Uni<RunningRouter> whenRunning() {
        RunningRouter current = running;
        return current == null
                ? Uni.createFrom()
                        .item(this::get)
                        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                        .onFailure()
                        .transform(ServedRouter::unloadable)
                : Uni.createFrom().item(current);
    }

    private static RuntimeException unloadable(Throwable failure) {
        Status reason = Problems.failedPrecondition(
                "the gates of the model cannot be loaded: %s".formatted(Problems.messageOf(failure)));
        return Problems.exception(reason);
    }

    private synchronized RunningRouter get() {
        RunningRouter current = running;
        if (current != null) {
            return current;
        }
        try {
            current = load();
            running = current;
            problem = null;
            return current;
        } catch (RuntimeException failure) {
            problem = Problems.messageOf(failure);
            throw failure;
        }
    }

    private RunningRouter load() {
        RouterLimits limits = RouterLimits.of(configuration);
        GatedModel model = GatedModel.load(
                modelConfiguration.requirePath(),
                modelConfiguration.name(),
                configuration.threads(),
                limits.windowRows());
        try {
            return RunningRouter.start(model, limits, experts.transport(), configuration.threads(), logs::of, registry);
        } catch (RuntimeException failure) {
            model.close();
            throw failure;
        }
    }
}
