package io.tributary.models;

import io.tributary.kernels.Elementwise;
import io.tributary.models.architecture.SwiGlu;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.TensorRole;
import io.tributary.models.weights.WeightLoader;

/** The gated feed-forward network of one layer. */
final class SwiGluBlock implements Mixing {
    private final Workspace workspace;
    private final Projection gateProjection;
    private final Projection upProjection;
    private final Projection downProjection;
    private final RowBuffer gate;
    private final RowBuffer up;

    /**
     * @param layer the layer in the model
     * @param width elements of the residual stream
     */
    SwiGluBlock(SwiGlu specification, int layer, int width, WeightLoader loader, Workspace workspace) {
        int hidden = specification.hidden();
        boolean bias = specification.biases();
        this.workspace = workspace;
        gateProjection = loader.projection(TensorRole.GATE, layer, hidden, width, bias);
        upProjection = loader.projection(TensorRole.UP, layer, hidden, width, bias);
        downProjection = loader.projection(TensorRole.DOWN, layer, width, hidden, bias);
        gate = workspace.buffer("gate", hidden);
        up = workspace.buffer("up", hidden);
    }

    @Override
    public String operation() {
        return "SwiGLU";
    }

    @Override
    public void run(int rows) {
        gateProjection.apply(workspace.normalized().front(rows), gate.front(rows), workspace.pool());
        upProjection.apply(workspace.normalized().front(rows), up.front(rows), workspace.pool());
        Elementwise.swiGlu(gate.front(rows), up.front(rows), gate.front(rows));
        downProjection.apply(gate.front(rows), workspace.summand().front(rows), workspace.pool());
    }
}
