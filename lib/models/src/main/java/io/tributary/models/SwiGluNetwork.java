package io.tributary.models;

import io.tributary.kernels.Elementwise;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.TensorRole;

/** {@code down(silu(gate(x)) · up(x))}. */
final class SwiGluNetwork implements FeedForwardNetwork {
    private final Workspace workspace;
    private final Projection gateProjection;
    private final Projection upProjection;
    private final Projection downProjection;
    private final RowBuffer gate;
    private final RowBuffer up;

    SwiGluNetwork(int hidden, int width, Weights weights, Workspace workspace) {
        this.workspace = workspace;
        gateProjection = weights.load(TensorRole.GATE, hidden, width);
        upProjection = weights.load(TensorRole.UP, hidden, width);
        downProjection = weights.load(TensorRole.DOWN, width, hidden);
        gate = workspace.buffer("gate", hidden);
        up = workspace.buffer("up", hidden);
    }

    @Override
    public void apply(FloatMatrix x, FloatMatrix y) {
        FloatMatrix gateRows = gate.front(x.rows());
        FloatMatrix upRows = up.front(x.rows());
        gateProjection.apply(x, gateRows, workspace.pool());
        upProjection.apply(x, upRows, workspace.pool());
        Elementwise.swiGlu(gateRows, upRows, gateRows, workspace.pool());
        downProjection.apply(gateRows, y, workspace.pool());
    }
}
