package io.tributary.models;

import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.experts.Routing;
import io.tributary.models.weights.WeightLoader;
import org.jspecify.annotations.Nullable;

/**
 * The experts of one layer where others choose and compute them. The shared expert, which every row needs, is computed here
 * meanwhile. The bits are those of {@link MixtureOfExpertsBlock}.
 */
final class RemoteMixtureBlock implements Mixing {
    private final int layer;
    private final Workspace workspace;
    private final RemoteExperts remote;
    private final Routing routing;
    private final @Nullable SharedExpertNetwork shared;

    /**
     * @param layer the layer in the model
     * @param width elements of the residual stream
     */
    RemoteMixtureBlock(
            MixtureOfExperts specification,
            int layer,
            int width,
            WeightLoader loader,
            Workspace workspace,
            RemoteExperts remote) {
        this.layer = layer;
        this.workspace = workspace;
        this.remote = remote;
        int experts = specification.experts();
        routing = new Routing(
                experts, Math.multiplyExact(specification.gating().mostPerToken(experts), workspace.maximalRows()));
        shared = SharedExpertNetwork.of(specification, layer, width, loader, workspace);
    }

    @Override
    public String operation() {
        return "mixture of experts";
    }

    @Override
    public void run(int rows) {
        RowPlan plan = workspace.plan();
        boolean observed = !workspace.observer().equals(RoutingObserver.NONE);
        remote.begin(layer, workspace.normalized().front(rows), plan.runEnds(), plan.runs(), observed);
        try {
            if (shared != null) {
                shared.compute(rows);
            }
        } finally {
            finish(rows, observed);
        }
        if (shared != null) {
            shared.add(rows);
        }
    }

    private void finish(int rows, boolean observed) {
        routing.clear();
        try {
            remote.finish(workspace.summand().front(rows), observed ? routing : null);
        } catch (RemoteExpertsException failure) {
            int lastRow = workspace.plan().runEnds()[failure.sequence()] - 1;
            throw new ExpertsUnavailableException(workspace.plan().sequence(lastRow), layer, failure);
        }
        if (observed) {
            routing.group();
            workspace.observer().routed(layer, rows, routing);
        }
    }
}
