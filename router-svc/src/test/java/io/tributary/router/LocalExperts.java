package io.tributary.router;

import com.google.protobuf.ByteString;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.ExpertBank;
import io.tributary.models.ExpertGate;
import io.tributary.models.experts.ExpertSum;
import io.tributary.models.experts.Routing;
import io.tributary.models.packing.PackingCache;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertRows;
import io.tributary.proto.router.v1.ExpertWork;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** All experts of a model: what shards of tests compute with, and what an answer must be. Thread-safe. */
final class LocalExperts implements AutoCloseable {
    /** As many as a window of the service may have, all of which may want the same expert. */
    private static final int MAXIMAL_ROWS = 2_048;

    private final GatedModel model;
    private final WorkPool pool = new WorkPool(1);
    private final ExpertBank bank;

    LocalExperts(GatedModel model) {
        this.model = model;
        bank = ExpertBank.open(
                model.checkpoint(),
                model.architecture(),
                0,
                model.layerCount(),
                pool,
                MAXIMAL_ROWS,
                PackingCache.off());
        model.layers().all().indices().forEach(bank::add);
    }

    /** What a shard answers. */
    synchronized ExpertResult answer(ExpertWork work) {
        ExpertResult.Builder result = ExpertResult.newBuilder().setWorkId(work.getWorkId());
        for (ExpertRows rows : work.getExpertsList()) {
            result.addOutputs(output(work.getLayer(), rows.getExpert(), rows.getHiddenStates()));
        }
        return result.build();
    }

    /** The sums of sequences, each row computed alone by each of its experts, in ascending order of experts. */
    synchronized ByteString expected(int layer, ByteString input, int... lengths) {
        byte[] sums = new byte[input.size()];
        int first = 0;
        for (int length : lengths) {
            int begin = first * model.rowBytes();
            ByteString sequence = input.substring(begin, begin + length * model.rowBytes());
            add(layer, sequence, MemorySegment.ofArray(sums).asSlice(begin, sequence.size()));
            first += length;
        }
        return ByteString.copyFrom(sums);
    }

    /** Which experts a sequence gets, with which weights; grouped. */
    synchronized Routing routing(int layer, ByteString sequence) {
        int rows = sequence.size() / model.rowBytes();
        FloatMatrix matrix = model.allocate(rows);
        sequence.copyTo(matrix.data().asSlice(0, sequence.size()).asByteBuffer());
        ExpertGate gate = model.gate(layer);
        Routing routing = gate.newRouting();
        gate.apply(matrix);
        gate.route(0, rows, routing);
        routing.group();
        return routing;
    }

    private void add(int layer, ByteString sequence, MemorySegment sums) {
        Routing routing = routing(layer, sequence);
        int rowBytes = model.rowBytes();
        for (int expert = 0; expert < routing.experts(); expert++) {
            for (int index = 0; index < routing.count(expert); index++) {
                int begin = routing.row(expert, index) * rowBytes;
                ByteString output = output(layer, expert, sequence.substring(begin, begin + rowBytes));
                ExpertSum.add(
                        MemorySegment.ofBuffer(output.asReadOnlyByteBuffer()),
                        routing.weight(expert, index),
                        sums.asSlice(begin, rowBytes),
                        model.width());
            }
        }
    }

    private ByteString output(int layer, int expert, ByteString states) {
        int rows = states.size() / model.rowBytes();
        states.copyTo(bank.input(rows).data().asSlice(0, states.size()).asByteBuffer());
        FloatMatrix output = bank.compute(layer, expert, rows);
        return ByteString.copyFrom(output.data().asSlice(0, states.size()).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public synchronized void close() {
        bank.close();
        pool.close();
    }
}
