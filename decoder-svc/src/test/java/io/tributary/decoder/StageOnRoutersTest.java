package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.Batch;
import io.tributary.models.DecoderStage;
import io.tributary.models.ExpertBank;
import io.tributary.models.ExpertGate;
import io.tributary.models.ExpertGates;
import io.tributary.models.KeyValueBudget;
import io.tributary.models.LoadProgress;
import io.tributary.models.LogitsRows;
import io.tributary.models.RemoteExperts;
import io.tributary.models.SequenceState;
import io.tributary.models.StageRange;
import io.tributary.models.WarmUp;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.experts.ExpertSum;
import io.tributary.models.experts.Routing;
import io.tributary.models.packing.PackingCache;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stage that has its experts computed by a router. */
@Timeout(120)
class StageOnRoutersTest {
    private static final int POSITIONS = 40;

    @TempDir
    private Path directory;

    @Test
    void theLogitsHaveTheBitsOfAStageWithExpertsOfItsOwn() {
        MixtureCheckpoint.write(directory, 8);
        float[] direct = logits(Optional.empty());
        try (Computing computing = new Computing(directory);
                RouteStandIn router = new RouteStandIn(0, computing::answer);
                RouterClient client = new RouterClient(
                        LocalRouters.on(router.port()),
                        computing.checkpoint.fingerprint(),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60))) {
            assertThat(logits(Optional.of(client))).isEqualTo(direct);
            assertThat(router.requests()).isEqualTo(MixtureCheckpoint.LAYERS);
        }
    }

    /** The logits of two sequences in one batch. */
    private float[] logits(Optional<RouterClient> client) {
        DeferredExperts deferred = new DeferredExperts();
        try (Checkpoint checkpoint = Checkpoint.open(directory);
                WorkPool pool = new WorkPool(1);
                DecoderStage stage = DecoderStage.load(
                        checkpoint,
                        ArchitectureReader.read(checkpoint),
                        StageRange.of(0, 1, MixtureCheckpoint.LAYERS),
                        pool,
                        new KeyValueBudget(16L << 20, KeyValueType.F32),
                        DecoderStage.DEFAULT_MAXIMAL_ROWS,
                        PackingCache.off(),
                        LoadProgress.untold(),
                        client.map(_ -> (RemoteExperts) deferred))) {
            // No router is asked for made-up tokens.
            assertThat(WarmUp.run(stage, Duration.ofSeconds(1))).isPositive();
            client.ifPresent(deferred::serve);
            Batch batch = new Batch(DecoderStage.DEFAULT_MAXIMAL_ROWS);
            try (SequenceState one = stage.open(POSITIONS);
                    SequenceState other = stage.open(POSITIONS)) {
                batch.add(one, 0, tokens(1, POSITIONS), LogitsRows.ALL);
                batch.add(other, 0, tokens(2, 7), LogitsRows.ALL);
                stage.forward(batch);
                return stage.logits().data().toArray(ValueLayout.JAVA_FLOAT);
            }
        }
    }

    private static int[] tokens(long seed, int count) {
        return new Random(seed).ints(count, 0, MixtureCheckpoint.VOCABULARY).toArray();
    }

    /** A router's work without a router: gates, then a bank of all experts. */
    private static final class Computing implements AutoCloseable {
        private final Checkpoint checkpoint;
        private final WorkPool pool = new WorkPool(1);
        private final ExpertGates gates;
        private final ExpertBank bank;

        Computing(Path directory) {
            checkpoint = Checkpoint.open(directory);
            Architecture architecture = ArchitectureReader.read(checkpoint);
            int rows = DecoderStage.DEFAULT_MAXIMAL_ROWS;
            gates = ExpertGates.load(checkpoint, architecture, pool, rows);
            bank = ExpertBank.open(
                    checkpoint, architecture, 0, MixtureCheckpoint.LAYERS, pool, rows, PackingCache.off());
            for (int expert = 0; expert < MixtureCheckpoint.EXPERTS; expert++) {
                bank.add(expert);
            }
        }

        Optional<RouteResponse> answer(RouteRequest request) {
            try (Arena arena = Arena.ofShared()) {
                FloatMatrix rows = FloatMatrix.allocate(arena, request.getPositions(), MixtureCheckpoint.WIDTH);
                MemorySegment.copy(
                        MemorySegment.ofBuffer(request.getHiddenStates().asReadOnlyByteBuffer()),
                        0,
                        rows.data(),
                        0,
                        request.getHiddenStates().size());
                FloatMatrix sums = FloatMatrix.allocate(arena, rows.rows(), rows.columns());
                sum(request, rows, sums);
                return Optional.of(RouteResponse.newBuilder()
                        .setRequestId(request.getRequestId())
                        .setHiddenStates(ByteString.copyFrom(sums.data().asByteBuffer()))
                        .build());
            }
        }

        private void sum(RouteRequest request, FloatMatrix rows, FloatMatrix sums) {
            ExpertGate gate = gates.layer(request.getLayer());
            gate.apply(rows);
            Routing routing = gate.newRouting();
            int first = 0;
            for (int length : request.getSequenceLengthsList()) {
                gate.route(first, first + length, routing);
                first += length;
            }
            routing.group();
            ExpertSum.begin(sums);
            for (int expert = 0; expert < MixtureCheckpoint.EXPERTS; expert++) {
                add(request.getLayer(), expert, routing, rows, sums);
            }
        }

        private void add(int layer, int expert, Routing routing, FloatMatrix rows, FloatMatrix sums) {
            int count = routing.count(expert);
            if (count == 0) {
                return;
            }
            FloatMatrix inputs = bank.input(count);
            for (int index = 0; index < count; index++) {
                inputs.row(index).copyFrom(rows.row(routing.row(expert, index)));
            }
            FloatMatrix outputs = bank.compute(layer, expert, count);
            for (int index = 0; index < count; index++) {
                MemorySegment sum = sums.row(routing.row(expert, index));
                ExpertSum.add(outputs.row(index), routing.weight(expert, index), sum, MixtureCheckpoint.WIDTH);
            }
        }

        @Override
        public void close() {
            bank.close();
            gates.close();
            pool.close();
            checkpoint.close();
        }
    }
}
