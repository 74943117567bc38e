package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.Gelu;
import io.tributary.models.architecture.GeluFeedForward;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.TensorRole;

/** {@code down(gelu(up(x)))}. */
final class GeluNetwork implements FeedForwardNetwork {
    private final Workspace workspace;
    private final Gelu form;
    private final Projection upProjection;
    private final Projection downProjection;
    private final RowBuffer up;

    GeluNetwork(GeluFeedForward specification, int width, Weights weights, Workspace workspace) {
        this.workspace = workspace;
        form = specification.form();
        upProjection = weights.load(TensorRole.UP, specification.hidden(), width);
        downProjection = weights.load(TensorRole.DOWN, width, specification.hidden());
        up = workspace.buffer("up", specification.hidden());
    }

    @Override
    public void apply(FloatMatrix x, FloatMatrix y) {
        FloatMatrix rows = up.front(x.rows());
        upProjection.apply(x, rows, workspace.pool());
        form.apply(rows, rows, workspace.pool());
        downProjection.apply(rows, y, workspace.pool());
    }
}
