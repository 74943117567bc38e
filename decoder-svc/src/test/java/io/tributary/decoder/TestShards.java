package io.tributary.decoder;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.edge.Tracing;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.log.ActivationLog;
import io.tributary.log.InProcessLog;
import io.tributary.log.LaneBounds;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.SessionId;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.models.Batch;
import io.tributary.models.DecoderStage;
import io.tributary.models.KeyValueBudget;
import io.tributary.models.LogitsRows;
import io.tributary.models.RoutingObserver;
import io.tributary.models.StageRange;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.architecture.Gating;
import io.tributary.models.architecture.LayerSpec;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.CloseReason;
import io.tributary.proto.log.v1.CloseSession;
import io.tributary.proto.log.v1.ContinueSession;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.Priority;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.Sampling;
import io.tributary.proto.log.v1.TokenRecord;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Shards of the shipped model, or of another one, in one JVM, with the test in the place of the gateway. */
final class TestShards implements AutoCloseable {
    static final int LANES = 3;
    static final ShardLimits LIMITS = new ShardLimits(64, 32, 64 << 20, Duration.ofMinutes(5));
    static final long KEY_VALUE_BYTES = 64 << 20;
    private static final long LOOK_AGAIN_NANOS = 200_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Path MODEL =
            Path.of(Objects.requireNonNull(System.getProperty("tributary.root")), "models", "kjv-2.6m");

    /** A replica of a stage, and the log as it sees it. */
    static final class Replica {
        private final SeverableLog log;
        private final Shard shard;
        private final DecoderStage stage;
        private final WorkPool pool;

        private Replica(SeverableLog log, Shard shard, DecoderStage stage, WorkPool pool) {
            this.log = log;
            this.shard = shard;
            this.stage = stage;
            this.pool = pool;
        }

        Shard shard() {
            return shard;
        }

        SeverableLog log() {
            return log;
        }

        private void close() {
            shard.close();
            stage.close();
            pool.close();
        }
    }

    private final Checkpoint checkpoint;
    private Architecture architecture;
    private final ActivationLog log;
    private final int stages;
    private final ShardLimits limits;
    private final long keyValueBytes;
    private int chunk = 16;
    private ShardTelemetry telemetry = new ShardTelemetry(new SimpleMeterRegistry(), Tracing.off());
    private Map<String, String> headers = Map.of();
    private final List<Topic<?>> topics = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final LogReader<TokenRecord> tokens;
    private final Map<String, SessionTokens> sessions = new HashMap<>();
    private final SecureRandom secrets = new SecureRandom();

    TestShards(int stages) {
        this(stages, LIMITS, KEY_VALUE_BYTES);
    }

    TestShards(int stages, ShardLimits limits, long keyValueBytes) {
        this(new InProcessLog(LANES, LaneBounds.DEFAULT), stages, limits, keyValueBytes);
    }

    /** @param log with {@link #LANES} lanes; closed with this */
    TestShards(ActivationLog log, int stages, ShardLimits limits, long keyValueBytes) {
        this(MODEL, log, stages, limits, keyValueBytes);
    }

    /** @param model the checkpoint in place of the shipped one */
    TestShards(Path model, int stages) {
        this(model, new InProcessLog(LANES, LaneBounds.DEFAULT), stages, LIMITS, KEY_VALUE_BYTES);
    }

    private TestShards(Path model, ActivationLog log, int stages, ShardLimits limits, long keyValueBytes) {
        this.checkpoint = Checkpoint.open(model);
        this.architecture = ArchitectureReader.read(checkpoint);
        this.log = log;
        this.stages = stages;
        this.limits = limits;
        this.keyValueBytes = keyValueBytes;
        for (int stage = 0; stage < stages; stage++) {
            topics.add(Topics.stage("kjv", stage));
        }
        topics.add(Topics.tokens("kjv"));
        log.createTopics(topics);
        tokens = log.followFromEnd(Topics.tokens("kjv"));
    }

    /** The only stage of the shipped model. */
    static StageModel model() {
        try (Checkpoint checkpoint = Checkpoint.open(MODEL)) {
            return model(checkpoint, ArchitectureReader.read(checkpoint), 0, 1);
        }
    }

    private static StageModel model(Checkpoint checkpoint, Architecture architecture, int stage, int stages) {
        StageRange range = StageRange.of(stage, stages, architecture.layers().size());
        return new StageModel("kjv", checkpoint.fingerprint(), architecture, range, MODEL);
    }

    /** Starts one more replica of a stage. */
    Replica start(int stage) {
        StageModel model = model(checkpoint, architecture, stage, stages);
        WorkPool pool = new WorkPool(1);
        DecoderStage loaded = DecoderStage.load(
                checkpoint, architecture, model.range(), pool, new KeyValueBudget(keyValueBytes, KeyValueType.F32));
        SeverableLog view = new SeverableLog(log);
        Replica replica = new Replica(view, new Shard(loaded, model, view, topics, limits, telemetry), loaded, pool);
        replicas.add(replica);
        return replica;
    }

    /** Replicas that are started from now on know of no token that ends a text. */
    void withoutEndOfText() {
        architecture = architecture(architecture.layers(), Set.of());
    }

    /** Replicas that are started from now on choose experts like this. */
    void chooseExperts(Gating gating) {
        List<LayerSpec> layers = architecture.layers().stream()
                .map(layer -> layer.channelMixing() instanceof MixtureOfExperts mixture
                        ? new LayerSpec(
                                layer.beforeTokenMixing(),
                                layer.tokenMixing(),
                                layer.beforeChannelMixing(),
                                new MixtureOfExperts(mixture.experts(), mixture.expert(), gating, mixture.shared()))
                        : layer)
                .toList();
        architecture = architecture(layers, architecture.endOfTextIds());
    }

    private Architecture architecture(List<LayerSpec> layers, Set<Integer> endOfTextIds) {
        return new Architecture(
                architecture.vocabularySize(),
                architecture.width(),
                architecture.contextLength(),
                layers,
                architecture.finalNormalization(),
                architecture.tiedUnembedding(),
                endOfTextIds,
                architecture.beginningOfTextId());
    }

    /** From now on a record of a prompt has so many positions. */
    void promptChunk(int positions) {
        chunk = positions;
    }

    /** Replicas that are started from now on are observed so. */
    void observeWith(ShardTelemetry observers) {
        telemetry = observers;
    }

    /** From now on records have these headers. */
    void headers(Map<String, String> ofRecords) {
        headers = ofRecords;
    }

    ActivationLog log() {
        return log;
    }

    /** Opens a session of a random prompt and returns its id. */
    String open(int lane, int promptLength, int maximalTokens, long seed) {
        return open(lane, promptLength, maximalTokens, seed, Priority.PRIORITY_INTERACTIVE);
    }

    /** Opens a session of that priority and returns its id. */
    String open(int lane, int promptLength, int maximalTokens, long seed, Priority priority) {
        return open(lane, opening(promptLength, maximalTokens, seed).setPriority(priority), prompt(promptLength, seed));
    }

    /** Opens a session that stays for further turns. */
    String openChat(int lane, int promptLength, int maximalTokens, long seed) {
        return open(
                lane,
                opening(promptLength, maximalTokens, seed)
                        .setKeepsOpen(true)
                        .setMaxPositions(architecture.contextLength()),
                prompt(promptLength, seed));
    }

    /** Begins the next turn of a chat whose last turn has ended, with a random prompt. */
    void proceed(String id, int promptLength, int maximalTokens, long seed) {
        proceed(id, promptLength, maximalTokens, seed, sampling(seed));
    }

    /** Begins the next turn of a chat with these sampling parameters. */
    void proceed(String id, int promptLength, int maximalTokens, long seed, Sampling.Builder sampling) {
        int lane = SessionId.parse(id).orElseThrow().lane();
        SampledToken last = tokensOf(id).last();
        append(
                lane,
                LaneRecord.newBuilder()
                        .setSessionId(id)
                        .setContinue(ContinueSession.newBuilder()
                                .setPromptLength(last.getPosition() + 1 + promptLength)
                                .setMaxTokens(maximalTokens)
                                .setSampling(sampling)));
        append(
                lane,
                LaneRecord.newBuilder()
                        .setSessionId(id)
                        .setActivation(Activation.newBuilder()
                                .setFirstPosition(last.getPosition())
                                .addTokenIds(last.getTokenId())
                                .addAllTokenIds(prompt(promptLength, seed))));
    }

    /** What opens a session with sampling parameters of the seed. */
    OpenSession.Builder opening(int promptLength, int maximalTokens, long seed) {
        return OpenSession.newBuilder()
                .setModelFingerprint(checkpoint.fingerprint())
                .setPromptLength(promptLength)
                .setMaxTokens(maximalTokens)
                .setSampling(sampling(seed));
    }

    /** Opens a session and returns its id. */
    String open(int lane, OpenSession.Builder opening, List<Integer> prompt) {
        String id = SessionId.next(lane, 0, secrets).toString();
        append(lane, LaneRecord.newBuilder().setSessionId(id).setOpen(opening));
        feed(id, prompt, 0, prompt.size());
        return id;
    }

    /** Appends the tokens of a prompt from one position up to another. */
    void feed(String id, List<Integer> prompt, int first, int end) {
        int lane = SessionId.parse(id).orElseThrow().lane();
        for (int from = first; from < end; from += chunk) {
            append(
                    lane,
                    LaneRecord.newBuilder()
                            .setSessionId(id)
                            .setActivation(Activation.newBuilder()
                                    .setFirstPosition(from)
                                    .addAllTokenIds(prompt.subList(from, Math.min(end, from + chunk)))));
        }
    }

    /** Opens a session that needs room: it is refused until those that have it have been silent for long enough. */
    String openWhenThereIsRoom(int lane, int promptLength, int maximalTokens, long seed) {
        while (true) {
            String session = open(lane, promptLength, maximalTokens, seed);
            await(() -> tokensOf(session).failed() || tokensOf(session).count() > 0);
            if (!tokensOf(session).failed()) {
                return session;
            }
        }
    }

    /** The hidden state behind a prompt and the final norm, of one pass of the whole model. */
    ByteString embedding(List<Integer> prompt) {
        return inOnePass(prompt, RoutingObserver.NONE, whole -> {
            FloatMatrix last = whole.hidden().rows(prompt.size() - 1, 1);
            return StageOutput.bytesOf(whole.outputHead().normalized(last).data());
        });
    }

    /** The experts that each position of a text gets in one pass of the whole model. */
    Map<Integer, List<ExpertChoice>> choices(List<Integer> text) {
        Map<Integer, List<ExpertChoice>> choices = new TreeMap<>();
        RoutingObserver observer = (layer, rows, routing) -> ExpertChoice.add(layer, routing, choices);
        return inOnePass(text, observer, whole -> choices);
    }

    private <T> T inOnePass(List<Integer> text, RoutingObserver observer, Function<DecoderStage, T> result) {
        try (WorkPool pool = new WorkPool(1);
                DecoderStage whole = DecoderStage.load(
                        checkpoint,
                        architecture,
                        StageRange.of(0, 1, architecture.layers().size()),
                        pool,
                        new KeyValueBudget(keyValueBytes, KeyValueType.F32))) {
            Batch batch = new Batch(text.size());
            int[] tokens = text.stream().mapToInt(Integer::intValue).toArray();
            batch.add(whole.open(text.size()), 0, tokens, LogitsRows.NONE);
            whole.forward(batch, observer);
            return result.apply(whole);
        }
    }

    void cancel(String id) {
        int lane = SessionId.parse(id).orElseThrow().lane();
        append(
                lane,
                LaneRecord.newBuilder()
                        .setSessionId(id)
                        .setClose(CloseSession.newBuilder().setReason(CloseReason.CLOSE_REASON_CANCELLED)));
    }

    /** Appends a record to stage 0. */
    void append(int lane, LaneRecord.Builder laneRecord) {
        LaneRecord complete = laneRecord.build();
        log.writer(Topics.stage("kjv", 0))
                .append(lane, complete, complete.getSessionId(), headers)
                .toCompletableFuture()
                .join();
    }

    /** A random prompt. */
    List<Integer> prompt(int length, long seed) {
        return new Random(seed)
                .ints(length, 1, architecture.vocabularySize())
                .boxed()
                .toList();
    }

    /** Sampling parameters that differ from seed to seed; the end of a text is ignored. */
    static Sampling.Builder sampling(long seed) {
        return Sampling.newBuilder()
                .setTemperature(seed % 2 == 0 ? 0 : 0.9f)
                .setTopP(1)
                .setTypicalP(1)
                .setRepetitionPenalty(1.1f)
                .setSeed(seed)
                .setTopLogprobs(2)
                .setIgnoreEndOfText(true);
    }

    /** What the tokens topic has brought of a session so far. */
    SessionTokens tokensOf(String id) {
        tokens.poll(Duration.ZERO).forEach(this::take);
        return sessions.computeIfAbsent(id, SessionTokens::new);
    }

    private void take(LogRecord<TokenRecord> logRecord) {
        TokenRecord value = logRecord.value();
        if (!value.getSessionId().isEmpty()) {
            sessions.computeIfAbsent(value.getSessionId(), SessionTokens::new).take(value);
        }
    }

    /** Waits until a session has so many tokens. */
    SessionTokens awaitTokens(String id, int count) {
        await(() -> tokensOf(id).count() >= count || tokensOf(id).failed());
        return tokensOf(id);
    }

    /** Waits until something is so. */
    void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("what was awaited did not come within " + DEADLINE);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    @Override
    public void close() {
        replicas.forEach(Replica::close);
        tokens.close();
        log.close();
        checkpoint.close();
    }
}
