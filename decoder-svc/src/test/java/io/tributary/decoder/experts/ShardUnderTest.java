package io.tributary.decoder.experts;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.decoder.LocalRouters;
import io.tributary.decoder.MixtureCheckpoint;
import io.tributary.kernels.WorkPool;
import io.tributary.log.ActivationLog;
import io.tributary.models.ExpertBank;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.experts.ExpertSet;
import io.tributary.models.packing.PackingCache;
import io.tributary.proto.router.v1.ExpertRows;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.ExpertWork;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** An expert shard of a small model, and a bank of all experts beside it that says what is right. */
final class ShardUnderTest implements AutoCloseable {
    static final int MAXIMAL_ROWS = 8;

    private final Checkpoint checkpoint;
    private final WorkPool pool = new WorkPool(1);
    private final WorkPool referencePool = new WorkPool(1);
    private final ExpertBank bank;
    private final ExpertBank reference;
    private final ExpertShard shard;

    /**
     * @param experts as they are configured
     * @param log over which work comes; empty for the calls
     */
    ShardUnderTest(Path directory, String experts, Optional<ActivationLog> log, Integer... ports) {
        checkpoint = Checkpoint.open(MixtureCheckpoint.write(directory, 5));
        bank = bank(pool, ExpertSet.parse(experts));
        reference = bank(referencePool, ExpertSet.all(MixtureCheckpoint.EXPERTS));
        ExpertTransport transport =
                log.isPresent() ? ExpertTransport.EXPERT_TRANSPORT_KAFKA : ExpertTransport.EXPERT_TRANSPORT_GRPC;
        ShardIdentity identity = new ShardIdentity(
                "shard-1", "mixture", checkpoint.fingerprint(), 0, MixtureCheckpoint.LAYERS, transport);
        shard = new ExpertShard(bank, identity, LocalRouters.on(ports), log, new SimpleMeterRegistry());
    }

    private ExpertBank bank(WorkPool workPool, ExpertSet experts) {
        Architecture architecture = ArchitectureReader.read(checkpoint);
        ExpertBank opened = ExpertBank.open(
                checkpoint, architecture, 0, MixtureCheckpoint.LAYERS, workPool, MAXIMAL_ROWS, PackingCache.off());
        experts.indices().forEach(opened::add);
        return opened;
    }

    ExpertShard shard() {
        return shard;
    }

    String fingerprint() {
        return checkpoint.fingerprint();
    }

    /** Random rows. */
    static ByteString rows(int count, long seed) {
        Random random = new Random(seed);
        ByteBuffer rows = ByteBuffer.allocate(count * MixtureCheckpoint.WIDTH * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        while (rows.hasRemaining()) {
            rows.putFloat((float) random.nextGaussian());
        }
        return ByteString.copyFrom(rows.flip());
    }

    static ExpertWork work(long id, int layer, int expert, ByteString rows) {
        return ExpertWork.newBuilder()
                .setWorkId(id)
                .setLayer(layer)
                .addExperts(ExpertRows.newBuilder().setExpert(expert).setHiddenStates(rows))
                .build();
    }

    /** What an expert must make of rows, each computed alone. */
    ByteString expected(int layer, int expert, ByteString rows) {
        int rowBytes = MixtureCheckpoint.WIDTH * Float.BYTES;
        List<ByteString> outputs = new ArrayList<>();
        for (int offset = 0; offset < rows.size(); offset += rowBytes) {
            byte[] row = rows.substring(offset, offset + rowBytes).toByteArray();
            MemorySegment.copy(MemorySegment.ofArray(row), 0, reference.input(1).data(), 0, rowBytes);
            outputs.add(ByteString.copyFrom(reference
                    .compute(layer, expert, 1)
                    .data()
                    .asSlice(0, rowBytes)
                    .asByteBuffer()));
        }
        return ByteString.copyFrom(outputs);
    }

    @Override
    public void close() {
        shard.close();
        bank.close();
        reference.close();
        pool.close();
        referencePool.close();
        checkpoint.close();
    }
}
