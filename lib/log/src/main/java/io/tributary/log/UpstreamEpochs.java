package io.tributary.log;

import java.util.Map;
import java.util.TreeMap;

/**
 * The highest epochs, by stage, of the shards that have written to a lane up to some offset. Epochs of different stages
 * cannot be compared.
 *
 * @param byStage immutable
 */
public record UpstreamEpochs(Map<Integer, Long> byStage) {
    /** Before the first record. */
    public static final UpstreamEpochs NONE = new UpstreamEpochs(Map.of());

    /** @throws IllegalArgumentException for a negative stage or epoch */
    public UpstreamEpochs {
        byStage.forEach((stage, epoch) -> {
            if (stage < 0 || epoch < 0) {
                throw new IllegalArgumentException(
                        "epoch %d of stage %d; neither may be negative".formatted(epoch, stage));
            }
        });
        byStage = Map.copyOf(byStage);
    }

    /** The highest epoch of a stage; 0 if it has written nothing. */
    public long of(int stage) {
        return byStage.getOrDefault(stage, 0L);
    }

    /** The epochs behind a record of a shard of that stage in that epoch. */
    public UpstreamEpochs with(int stage, long epoch) {
        if (epoch <= of(stage)) {
            return this;
        }
        Map<Integer, Long> raised = new TreeMap<>(byStage);
        raised.put(stage, epoch);
        return new UpstreamEpochs(raised);
    }
}
