package io.tributary.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Experts of a decoder made for tests.
 *
 * @param hidden of an expert
 * @param sharedHidden of the gated shared expert; 0 for none
 * @param denseLayers layers that have one network instead
 * @param queryKeyNorm {@code none}, {@code head} or {@code width}: what queries and keys are normalised over
 * @param mixtralNames whether tensors are called as in Mixtral
 */
record TestMixture(
        int experts,
        int chosen,
        int hidden,
        int sharedHidden,
        Set<Integer> denseLayers,
        String queryKeyNorm,
        boolean mixtralNames) {

    /** Experts in every layer, nothing else. */
    static TestMixture plain(int experts, int chosen, int hidden) {
        return new TestMixture(experts, chosen, hidden, 0, Set.of(), "none", false);
    }

    TestMixture withMixtralNames() {
        return new TestMixture(experts, chosen, hidden, sharedHidden, denseLayers, queryKeyNorm, true);
    }

    TestMixture withShared(int length) {
        return new TestMixture(experts, chosen, hidden, length, denseLayers, queryKeyNorm, mixtralNames);
    }

    TestMixture withDenseLayers(Integer... layers) {
        return new TestMixture(experts, chosen, hidden, sharedHidden, Set.of(layers), queryKeyNorm, mixtralNames);
    }

    TestMixture withQueryKeyNorm(String over) {
        return new TestMixture(experts, chosen, hidden, sharedHidden, denseLayers, over, mixtralNames);
    }

    boolean has(int layer) {
        return !denseLayers.contains(layer);
    }

    /** The stem of one of an expert's projections within a layer. */
    String expert(int expert, String projection) {
        if (!mixtralNames) {
            return "mlp.experts." + expert + "." + projection;
        }
        String name =
                switch (projection) {
                    case "gate_proj" -> "w1";
                    case "up_proj" -> "w3";
                    default -> "w2";
                };
        return "block_sparse_moe.experts." + expert + "." + name;
    }

    /** The stem of the gate within a layer. */
    String gate() {
        return mixtralNames ? "block_sparse_moe.gate" : "mlp.gate";
    }

    /** Shapes of the tensors of a layer with experts, by name within the layer. */
    Map<String, List<Long>> names(int width) {
        Map<String, List<Long>> names = new LinkedHashMap<>();
        names.put(gate() + ".weight", List.of((long) experts, (long) width));
        for (int expert = 0; expert < experts; expert++) {
            names.put(expert(expert, "gate_proj") + ".weight", List.of((long) hidden, (long) width));
            names.put(expert(expert, "up_proj") + ".weight", List.of((long) hidden, (long) width));
            names.put(expert(expert, "down_proj") + ".weight", List.of((long) width, (long) hidden));
        }
        if (sharedHidden > 0) {
            names.put("mlp.shared_expert.gate_proj.weight", List.of((long) sharedHidden, (long) width));
            names.put("mlp.shared_expert.up_proj.weight", List.of((long) sharedHidden, (long) width));
            names.put("mlp.shared_expert.down_proj.weight", List.of((long) width, (long) sharedHidden));
            names.put("mlp.shared_expert_gate.weight", List.of(1L, (long) width));
        }
        return names;
    }

    /** Shapes of the norms of queries and keys, by name within the layer. */
    Map<String, List<Long>> attentionNames(TestShape shape) {
        long head = shape.headSize();
        return switch (queryKeyNorm) {
            case "head" -> Map.of("self_attn.q_norm.weight", List.of(head), "self_attn.k_norm.weight", List.of(head));
            case "width" ->
                Map.of(
                        "self_attn.q_norm.weight",
                        List.of(head * shape.heads()),
                        "self_attn.k_norm.weight",
                        List.of(head * shape.keyValueHeads()));
            default -> Map.of();
        };
    }
}
