package io.tributary.cli.placement;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.models.experts.ExpertSet;
import java.util.SortedMap;

/** A plan for programs. */
final class PlanJson {
    private PlanJson() {}

    static ObjectNode of(ExpertPlan plan) {
        ExpertLoads loads = plan.measured().loads();
        ObjectNode object = new ObjectMapper().createObjectNode();
        plan.model().ifPresent(model -> object.put("model", model.name()));
        object.put("experts", loads.experts())
                .put("layers", loads.layers())
                .put("slots", plan.slots())
                .put("loads", plan.measured().origin())
                .put("rows", loads.total())
                .put("imbalance", plan.work().imbalance())
                .put("imbalance_before", plan.workBefore().imbalance())
                .put("before", plan.present().isPresent() ? "present" : "even")
                .put("speed_up", plan.speedUp())
                .put("placement", plan.placement().toString());
        ArrayNode shards = object.putArray("shards");
        for (int shard = 0; shard < plan.names().size(); shard++) {
            addShard(plan, shard, shards.addObject());
        }
        return object;
    }

    private static void addShard(ExpertPlan plan, int shard, ObjectNode object) {
        ExpertSet experts = plan.placement().shards().get(shard);
        double total = plan.work().total();
        object.put("shard", plan.names().get(shard))
                .put("experts", experts.toString())
                .put("replicated", plan.replicated(shard).toString())
                .put("rows_share", total == 0 ? 0 : plan.work().rows(shard) / total);
        plan.model().ifPresent(model -> object.put("weight_bytes", model.bytes(experts)));
    }

    /** Adds what shards hold after a plan was followed. */
    static void addHeld(ObjectNode object, SortedMap<String, ExpertSet> held) {
        ObjectNode applied = object.putObject("held");
        held.forEach((name, experts) -> applied.put(name, experts.toString()));
    }
}
