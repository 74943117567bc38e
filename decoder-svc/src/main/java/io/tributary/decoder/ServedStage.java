package io.tributary.decoder;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.edge.ExpertConfiguration;
import io.tributary.edge.ExpertLoadMetrics;
import io.tributary.edge.ModelConfiguration;
import io.tributary.edge.Routers;
import io.tributary.edge.Tracing;
import io.tributary.kernels.KernelPath;
import io.tributary.kernels.WorkPool;
import io.tributary.log.ActivationLog;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.models.DecoderStage;
import io.tributary.models.KeyValueBudget;
import io.tributary.models.RemoteExperts;
import io.tributary.models.StageRange;
import io.tributary.models.WarmUp;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.architecture.MixtureOfExperts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The one stage that this process serves: loaded at start or with the first call, and freed at the end. */
@ApplicationScoped
public class ServedStage {
    private static final Logger LOG = Logger.getLogger(ServedStage.class);

    /** A process that ends at once, as one for a single text does, waits so long for the cache that speeds up the next. */
    private static final Duration LAST_CACHE_WRITE = Duration.ofSeconds(10);

    /** Everything that a loaded stage holds. */
    record Loaded(
            StageModel model,
            DecoderStage stage,
            Shard shard,
            WorkPool pool,
            Checkpoint checkpoint,
            Optional<RouterClient> experts) {
        void close() {
            shard.close();
            stage.packing().awaitWrite(LAST_CACHE_WRITE);
            if (shard.running()) {
                // Kernels read freed memory without a check, and sessions that wait for experts would end without
                // routers; the process, which is ending, frees both anyway.
                return;
            }
            experts.ifPresent(RouterClient::close);
            stage.close();
            pool.close();
            checkpoint.close();
        }
    }

    private final DecoderConfiguration configuration;
    private final ModelConfiguration modelConfiguration;
    private final ExpertConfiguration expertConfiguration;
    private final Routers routers;
    private final ActivationLog log;
    private final Event<StageLoading> loading;
    private final ShardTelemetry telemetry;
    private volatile @Nullable Loaded loaded;

    @Inject
    ServedStage(
            DecoderConfiguration configuration,
            ModelConfiguration modelConfiguration,
            ExpertConfiguration expertConfiguration,
            Routers routers,
            ActivationLog log,
            MeterRegistry registry,
            Tracing tracing,
            Event<StageLoading> loading) {
        this.configuration = configuration;
        this.modelConfiguration = modelConfiguration;
        this.expertConfiguration = expertConfiguration;
        this.routers = routers;
        this.log = log;
        this.telemetry = new ShardTelemetry(registry, tracing);
        this.loading = loading;
    }

    void onStart(@Observes StartupEvent event) {
        if (modelConfiguration.loadAtStart() && configuration.experts().isEmpty()) {
            StageModel model = load(configuration.warmUp()).model();
            LOG.infof(
                    "stage %d of %d serves layers %d to %d of %s",
                    model.range().index(),
                    model.range().count(),
                    model.range().firstLayer(),
                    model.range().endLayer() - 1,
                    model.name());
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        Loaded current = loaded;
        if (current != null) {
            current.close();
        }
    }

    /**
     * The stage, loaded if it is not yet.
     *
     * @throws IllegalStateException if this process is an expert shard, which has none
     */
    Loaded get() {
        if (configuration.experts().isPresent()) {
            throw new IllegalStateException("this process is an expert shard and has no stage");
        }
        Loaded current = loaded;
        return current == null ? load(Duration.ZERO) : current;
    }

    /** The stage, if it is loaded. */
    @Nullable
    Loaded ifLoaded() {
        return loaded;
    }

    private synchronized Loaded load(Duration warmUp) {
        Loaded current = loaded;
        if (current != null) {
            return current;
        }
        KernelPath.warning().ifPresent(LOG::warn);
        Checkpoint checkpoint = Checkpoint.open(modelConfiguration.requirePath());
        Architecture architecture = ArchitectureReader.read(checkpoint);
        StageRange range = StageRange.of(
                configuration.stage(),
                configuration.stages(),
                architecture.layers().size());
        StageModel model = new StageModel(
                modelConfiguration.name().orElseGet(checkpoint::name),
                checkpoint.fingerprint(),
                architecture,
                range,
                modelConfiguration.requirePath());
        WorkPool pool = new WorkPool(
                configuration.threads().orElseGet(() -> Runtime.getRuntime().availableProcessors()));
        Optional<RouterClient> experts = remoteExperts(model);
        Optional<DeferredExperts> deferred = experts.map(_ -> new DeferredExperts());
        DecoderStage stage = DecoderStage.load(
                checkpoint,
                architecture,
                range,
                pool,
                new KeyValueBudget(configuration.kvCacheSize().asLongValue(), configuration.kvCacheType()),
                DecoderStage.DEFAULT_MAXIMAL_ROWS,
                ConfiguredPacking.cache(configuration),
                (layers, allLayers) -> loading.fire(new StageLoading(layers, allLayers)),
                deferred.map(RemoteExperts.class::cast));
        LOG.debugf("packing cache: %s", stage.packing().use());
        int passes = WarmUp.run(stage, warmUp);
        LOG.debugf("%d forward passes in %s of warm-up", passes, warmUp);
        experts.ifPresent(client -> deferred.orElseThrow().serve(client));
        List<Topic<?>> topics = topics(model);
        log.createTopics(topics);
        Shard shard = new Shard(stage, model, log, topics, limits(), telemetry);
        current = new Loaded(model, stage, shard, pool, checkpoint, experts);
        loaded = current;
        StageMetrics.register(telemetry.registry(), current);
        StageMetrics.register(
                new ExpertLoadMetrics(telemetry.registry(), model.name(), expertConfiguration.pairMetrics()),
                stage.expertStatistics());
        return current;
    }

    private Optional<RouterClient> remoteExperts(StageModel model) {
        boolean any =
                model
                        .architecture()
                        .layers()
                        .subList(model.range().firstLayer(), model.range().endLayer())
                        .stream()
                        .anyMatch(layer -> layer.channelMixing() instanceof MixtureOfExperts);
        if (!any || expertConfiguration.transport() == ExpertConfiguration.Transport.DIRECT) {
            return Optional.empty();
        }
        return Optional.of(new RouterClient(
                routers, model.fingerprint(), configuration.expertsTimeout(), configuration.routerAbsenceTimeout()));
    }

    private ShardLimits limits() {
        return new ShardLimits(
                configuration.maxSessions(),
                configuration.promptRows(),
                configuration.retainedBytesPerLane().asLongValue(),
                configuration.idleTimeout());
    }

    private static List<Topic<?>> topics(StageModel model) {
        List<Topic<?>> topics = new ArrayList<>();
        for (int stage = 0; stage < model.range().count(); stage++) {
            topics.add(Topics.stage(model.name(), stage));
        }
        topics.add(Topics.tokens(model.name()));
        return topics;
    }
}
