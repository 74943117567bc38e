package io.tributary.decoder;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.decoder.experts.BankWarmUp;
import io.tributary.decoder.experts.ExpertShard;
import io.tributary.decoder.experts.ShardIdentity;
import io.tributary.edge.ExpertConfiguration;
import io.tributary.edge.ExpertLogs;
import io.tributary.edge.ModelConfiguration;
import io.tributary.edge.Routers;
import io.tributary.kernels.KernelPath;
import io.tributary.kernels.WorkPool;
import io.tributary.log.ActivationLog;
import io.tributary.models.DecoderStage;
import io.tributary.models.ExpertBank;
import io.tributary.models.StageRange;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertTransport;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The experts that this process serves if it is an expert shard: loaded at start, and freed at the end. */
@ApplicationScoped
public class ServedExperts {
    private static final Logger LOG = Logger.getLogger(ServedExperts.class);

    /** Everything that a loaded expert shard holds. */
    record Loaded(StageModel model, ExpertShard shard, ExpertBank bank, WorkPool pool, Checkpoint checkpoint) {
        void close() {
            shard.close();
            if (shard.running()) {
                // Kernels read freed memory without a check; the process, which is ending, frees it anyway.
                return;
            }
            bank.close();
            pool.close();
            checkpoint.close();
        }
    }

    private final DecoderConfiguration configuration;
    private final ModelConfiguration modelConfiguration;
    private final ExpertConfiguration expertConfiguration;
    private final Routers routers;
    private final ExpertLogs logs;
    private final MeterRegistry registry;
    private final int grpcPort;
    private volatile @Nullable Loaded loaded;

    @Inject
    ServedExperts(
            DecoderConfiguration configuration,
            ModelConfiguration modelConfiguration,
            ExpertConfiguration expertConfiguration,
            Routers routers,
            ExpertLogs logs,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.grpc.server.port", defaultValue = "9000") int grpcPort) {
        this.configuration = configuration;
        this.modelConfiguration = modelConfiguration;
        this.expertConfiguration = expertConfiguration;
        this.routers = routers;
        this.logs = logs;
        this.registry = registry;
        this.grpcPort = grpcPort;
    }

    void onStart(@Observes StartupEvent event) {
        if (configured()) {
            Loaded current = load(wanted());
            loaded = current;
            LOG.infof(
                    "expert shard %s serves the experts %s of layers %d to %d of %s",
                    shardId(),
                    current.shard().experts(),
                    current.model().range().firstLayer(),
                    current.model().range().endLayer() - 1,
                    current.model().name());
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        Loaded current = loaded;
        if (current != null) {
            current.close();
        }
    }

    /** Whether this process is an expert shard. */
    boolean configured() {
        return configuration.experts().isPresent();
    }

    /** The experts, if they are loaded. */
    @Nullable
    Loaded ifLoaded() {
        return loaded;
    }

    private ExpertSet wanted() {
        ExpertSet wanted;
        try {
            wanted = ExpertSet.parse(configuration.experts().orElse(""));
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException("tributary.decoder.experts: " + malformed.getMessage(), malformed);
        }
        if (wanted.isEmpty()) {
            throw new ConfigurationException(
                    "tributary.decoder.experts names no expert; numbers and ranges are needed," + " such as 0-3,7");
        }
        return wanted;
    }

    private ExpertTransport transport() {
        return switch (expertConfiguration.transport()) {
            case GRPC -> ExpertTransport.EXPERT_TRANSPORT_GRPC;
            case KAFKA -> ExpertTransport.EXPERT_TRANSPORT_KAFKA;
            case DIRECT ->
                throw new ConfigurationException("tributary.decoder.experts makes this process an expert shard, which"
                        + " nobody asks while tributary.experts.transport is direct; set it to grpc or kafka, for all"
                        + " services of the mesh");
        };
    }

    private Loaded load(ExpertSet wanted) {
        ExpertTransport transport = transport();
        KernelPath.warning().ifPresent(LOG::warn);
        Checkpoint checkpoint = Checkpoint.open(modelConfiguration.requirePath());
        Architecture architecture = ArchitectureReader.read(checkpoint);
        StageModel model = new StageModel(
                modelConfiguration.name().orElseGet(checkpoint::name),
                checkpoint.fingerprint(),
                architecture,
                StageRange.of(
                        configuration.stage(),
                        configuration.stages(),
                        architecture.layers().size()),
                modelConfiguration.requirePath());
        WorkPool pool = new WorkPool(
                configuration.threads().orElseGet(() -> Runtime.getRuntime().availableProcessors()));
        ExpertBank bank = ExpertBank.open(
                checkpoint,
                architecture,
                model.range().firstLayer(),
                model.range().endLayer(),
                pool,
                DecoderStage.DEFAULT_MAXIMAL_ROWS,
                ConfiguredPacking.cache(configuration));
        fill(bank, wanted);
        int matrices = BankWarmUp.run(bank, architecture.layers().size(), configuration.warmUp());
        LOG.debugf("%d matrices in %s of warm-up", matrices, configuration.warmUp());
        return new Loaded(model, shard(bank, model, transport), bank, pool, checkpoint);
    }

    private static void fill(ExpertBank bank, ExpertSet wanted) {
        if (wanted.end() > bank.count()) {
            throw new ConfigurationException(
                    "tributary.decoder.experts names expert %d; the model has %d, counted from 0"
                            .formatted(wanted.end() - 1, bank.count()));
        }
        wanted.indices().forEach(bank::add);
    }

    private ExpertShard shard(ExpertBank bank, StageModel model, ExpertTransport transport) {
        ShardIdentity identity = new ShardIdentity(
                shardId(),
                model.name(),
                model.fingerprint(),
                model.range().firstLayer(),
                model.range().endLayer(),
                transport);
        Optional<ActivationLog> log = transport == ExpertTransport.EXPERT_TRANSPORT_KAFKA
                ? Optional.of(logs.of(bank.count()))
                : Optional.empty();
        return new ExpertShard(bank, identity, routers, log, registry);
    }

    private String shardId() {
        return configuration.shardId().orElseGet(() -> hostName() + ":" + grpcPort);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }
}
