package io.tributary.decoder;

import com.google.rpc.Code;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.tributary.decoder.ServedStage.Loaded;
import io.tributary.edge.GrpcErrors;
import io.tributary.models.KeyValueUse;
import io.tributary.proto.decoder.v1.DecoderService;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.decoder.v1.DescribeShardResponse;
import io.tributary.proto.decoder.v1.DrainRequest;
import io.tributary.proto.decoder.v1.DrainResponse;
import io.tributary.proto.decoder.v1.ModelDescription;
import io.tributary.proto.decoder.v1.StageDescription;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.TreeSet;

/** Describes and steers this process's shard. */
@GrpcService
public class DecoderGrpcService implements DecoderService {
    private static final Duration DRAIN_POLL = Duration.ofMillis(50);
    private static final int LONGEST_DRAIN_MILLIS = 600_000;

    private final ServedStage served;
    private final ServedExperts experts;

    @Inject
    DecoderGrpcService(ServedStage served, ServedExperts experts) {
        this.served = served;
        this.experts = experts;
    }

    @Override
    public Uni<DescribeShardResponse> describeShard(DescribeShardRequest request) {
        return Uni.createFrom()
                .item(() -> experts.configured() ? describe(loadedExperts()) : describe(served.get()))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private ServedExperts.Loaded loadedExperts() {
        ServedExperts.Loaded loaded = experts.ifLoaded();
        if (loaded == null) {
            throw GrpcErrors.unavailable("the expert shard is not loaded yet");
        }
        return loaded;
    }

    @Override
    public Uni<DrainResponse> drain(DrainRequest request) {
        int millis = request.getDeadlineMs();
        if (millis < 0 || millis > LONGEST_DRAIN_MILLIS) {
            return Uni.createFrom()
                    .failure(GrpcErrors.invalidArgument(
                            "deadline_ms",
                            "is %s but must be 0 to %d"
                                    .formatted(Integer.toUnsignedString(millis), LONGEST_DRAIN_MILLIS)));
        }
        return experts.configured() ? drainExperts(Duration.ofMillis(millis)) : drainStage(millis);
    }

    private Uni<DrainResponse> drainExperts(Duration limit) {
        return Uni.createFrom()
                .item(() -> drainedExperts(limit))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private DrainResponse drainedExperts(Duration limit) {
        try {
            if (!loadedExperts().shard().drain(limit)) {
                throw GrpcErrors.of(
                        Code.DEADLINE_EXCEEDED,
                        "rows still wait to be computed; the experts are offered to" + " routers no more");
            }
            return DrainResponse.getDefaultInstance();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw GrpcErrors.unavailable("the shard is ending");
        }
    }

    private Uni<DrainResponse> drainStage(int millis) {
        Loaded loaded = served.get();
        loaded.shard().refuseNewSessions();
        return Uni.createFrom()
                .item(() -> loaded.shard().liveSessions())
                .repeat()
                .withDelay(DRAIN_POLL)
                .atMost(1 + millis / DRAIN_POLL.toMillis())
                .select()
                .where(live -> live == 0)
                .toUni()
                .replaceIfNullWith(() -> loaded.shard().liveSessions())
                .map(live -> DrainResponse.newBuilder().setLiveSessions(live).build());
    }

    private static DescribeShardResponse describe(ServedExperts.Loaded loaded) {
        return describe(loaded.model())
                .addAllExperts(() -> loaded.shard().experts().indices().iterator())
                .setAttachedRouters(loaded.shard().attachedRouters())
                .build();
    }

    private static DescribeShardResponse.Builder describe(StageModel model) {
        return DescribeShardResponse.newBuilder()
                .setModel(ModelDescription.newBuilder()
                        .setName(model.name())
                        .setFingerprint(model.fingerprint())
                        .setContextLength(model.architecture().contextLength())
                        .setVocabularySize(model.architecture().vocabularySize())
                        .setWidth(model.architecture().width())
                        .setLayers(model.architecture().layers().size())
                        .setExpertLayers(model.architecture().expertLayers().size())
                        .setRoutesWholeSequences(model.architecture().routesWholeSequences()))
                .setStage(StageDescription.newBuilder()
                        .setIndex(model.range().index())
                        .setCount(model.range().count())
                        .setFirstLayer(model.range().firstLayer())
                        .setEndLayer(model.range().endLayer()));
    }

    private static DescribeShardResponse describe(Loaded loaded) {
        KeyValueUse use = loaded.stage().keyValueUse();
        return describe(loaded.model())
                .addAllLanes(new TreeSet<>(loaded.shard().lanes()))
                .setLiveSessions(loaded.shard().liveSessions())
                .setKvCacheUsedBytes(use.usedPages() * use.pageBytes())
                .setKvCacheBudgetBytes(use.totalPages() * use.pageBytes())
                .setAcceptsSessions(loaded.shard().acceptsSessions())
                .build();
    }
}
