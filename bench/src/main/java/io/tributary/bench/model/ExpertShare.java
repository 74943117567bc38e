package io.tributary.bench.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.bench.BenchException;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.checkpoints.OnnxCheckpoint;
import java.util.List;

/** Which part of the experts of a model a token uses. */
final class ExpertShare {
    private static final List<String> COUNT_FIELDS = List.of("num_local_experts", "num_experts", "n_routed_experts");
    private static final String USED_FIELD = "num_experts_per_tok";

    private ExpertShare() {}

    /** Whether a tensor of that name belongs to one expert, or to all of a layer. */
    static boolean isExpert(String tensor) {
        return tensor.contains("_exps.") || tensor.contains(".experts.");
    }

    /** Used experts divided by all experts; 1 for a model without experts. */
    static double of(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case GgufCheckpoint file -> of(file.metadata());
            case HuggingFaceCheckpoint directory -> of(directory.configuration());
            case OnnxCheckpoint file -> 1;
        };
    }

    private static double of(GgufMetadata metadata) {
        String architecture = metadata.string("general.architecture");
        long count = metadata.optionalInteger(architecture + ".expert_count").orElse(0);
        return count == 0 ? 1 : (double) metadata.integer(architecture + ".expert_used_count") / count;
    }

    private static double of(JsonNode configuration) {
        long count = COUNT_FIELDS.stream()
                .mapToLong(field -> configuration.path(field).asLong())
                .max()
                .orElse(0);
        if (count == 0) {
            return 1;
        }
        JsonNode used = configuration.path(USED_FIELD);
        if (!used.canConvertToInt() || used.asInt() < 1) {
            throw new BenchException("config.json speaks of " + count + " experts, but " + USED_FIELD + " is "
                    + (used.isMissingNode() ? "missing" : used) + "; how many a token uses must be stated");
        }
        return (double) used.asInt() / count;
    }
}
