package io.tributary.gateway;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.tributary.edge.GrpcErrors;
import io.tributary.edge.ModelConfiguration;
import io.tributary.log.ActivationLog;
import io.tributary.log.SessionId;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.TokenRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The gateway's connection to the mesh: made once, at start or with the first request, and then kept. */
@ApplicationScoped
public class MeshConnection {
    private static final Logger LOG = Logger.getLogger(MeshConnection.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(3);

    /** What is read of each lane at first: enough to find how the shards of all stages stand. */
    private static final int RECENT_RECORDS = 64;

    /** Longer than a pass of a large model, after which its shard reports again, and than the takeover of a lane. */
    private static final Duration STATUS_VALID = Duration.ofSeconds(15);

    private static final Duration FIRST_STATUS = Duration.ofSeconds(5);
    private static final Duration STATUS_POLL = Duration.ofMillis(5);

    /** The connection as it stands once it is made. */
    record Connected(
            ServedModel model,
            SessionWriter writer,
            LiveSessions sessions,
            LaneDirectory directory,
            TokenReader reader,
            SessionArchive archive) {
        private static final SecureRandom SECRETS = new SecureRandom();

        /**
         * Takes a place for a session, and names it.
         *
         * @param positions of its prompt and its answer
         * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED with a retry hint if there is no room
         */
        SessionId admit(int positions) {
            int lane = sessions.admit(positions);
            return SessionId.next(lane, reader.end(lane), SECRETS);
        }

        /** Whether sessions can start. */
        boolean serves() {
            return reader.running() && directory.anyLaneServed(System.nanoTime());
        }
    }

    private final MeshServices services;
    private final ActivationLog log;
    private final GatewayConfiguration configuration;
    private final ModelConfiguration modelConfiguration;
    private final RequestMetrics metrics;
    private volatile @Nullable Connected connected;

    @Inject
    MeshConnection(
            MeshServices services,
            ActivationLog log,
            GatewayConfiguration configuration,
            ModelConfiguration modelConfiguration,
            RequestMetrics metrics) {
        this.services = services;
        this.log = log;
        this.configuration = configuration;
        this.modelConfiguration = modelConfiguration;
        this.metrics = metrics;
    }

    void onStart(@Observes StartupEvent event) {
        if (modelConfiguration.loadAtStart()) {
            connection()
                    .onFailure()
                    .invoke(error -> LOG.infof("waiting for the mesh: %s", error.getMessage()))
                    .onFailure()
                    .retry()
                    .withBackOff(FIRST_RETRY, LONGEST_RETRY)
                    .indefinitely()
                    .subscribe()
                    .with(ready -> LOG.infof("serving %s", ready.model().name()));
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        Connected current = connected;
        if (current != null) {
            current.reader().close();
        }
    }

    /** The connection, made if there is none yet; fails as UNAVAILABLE if the mesh does not answer. */
    Uni<Connected> connection() {
        Connected current = connected;
        if (current != null) {
            return Uni.createFrom().item(current);
        }
        return Uni.createFrom().item(this::connect).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    /** Whether sessions can start. */
    boolean ready() {
        Connected current = connected;
        return current != null && current.serves();
    }

    /** Number of sessions under way. */
    int sessions() {
        Connected current = connected;
        return current == null ? 0 : current.sessions().admitted();
    }

    private synchronized Connected connect() {
        Connected current = connected;
        if (current != null) {
            return current;
        }
        ServedModel model = describeModel();
        Topic<LaneRecord> stage0 = Topics.stage(model.name(), 0);
        Topic<TokenRecord> tokens = Topics.tokens(model.name());
        log.createTopics(List.of(stage0, tokens));
        LaneDirectory directory = new LaneDirectory(log.lanes(), model.stages(), STATUS_VALID);
        LiveSessions sessions = new LiveSessions(configuration.maxSessions(), log.lanes(), directory);
        SessionWriter writer = new SessionWriter(log.writer(stage0), log.writer(tokens), configuration.promptChunk());
        TokenReader reader =
                new TokenReader(log.followRecent(tokens, RECENT_RECORDS), log.lanes(), sessions, directory);
        SessionArchive archive = new SessionArchive(log, tokens, configuration.callTimeout());
        current = new Connected(model, writer, sessions, directory, reader, archive);
        connected = current;
        var _ = metrics.of(model.name());
        awaitShards(current);
        return current;
    }

    /** Shards say every second how they stand: the first request must not find that nobody has said anything yet. */
    private static void awaitShards(Connected current) {
        long deadline = System.nanoTime() + FIRST_STATUS.toNanos();
        try {
            while (!current.serves() && System.nanoTime() < deadline) {
                Thread.sleep(STATUS_POLL);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private ServedModel describeModel() {
        try {
            return ServedModel.of(services.decoder()
                    .describeShard(DescribeShardRequest.getDefaultInstance())
                    .await()
                    .atMost(configuration.callTimeout()));
        } catch (RuntimeException failure) {
            throw GrpcErrors.unavailable("stage 0 of the decoder does not answer: " + failure.getMessage());
        }
    }
}
