package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.TensorRole;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@code down(max(0, up(x)))}. */
final class ReluNetwork implements FeedForwardNetwork {
    private final Workspace workspace;
    private final Projection upProjection;
    private final Projection downProjection;
    private final RowBuffer up;

    ReluNetwork(int hidden, int width, Weights weights, Workspace workspace) {
        this.workspace = workspace;
        upProjection = weights.load(TensorRole.UP, hidden, width);
        downProjection = weights.load(TensorRole.DOWN, width, hidden);
        up = workspace.buffer("up", hidden);
    }

    @Override
    public void apply(FloatMatrix x, FloatMatrix y) {
        FloatMatrix rows = up.front(x.rows());
        upProjection.apply(x, rows, workspace.pool());
        rectify(rows.data(), (long) rows.rows() * rows.columns());
        downProjection.apply(rows, y, workspace.pool());
    }

    /** NaN stays NaN, so that damage is seen. */
    private static void rectify(MemorySegment data, long count) {
        for (long index = 0; index < count; index++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, index, Math.max(0, data.getAtIndex(ValueLayout.JAVA_FLOAT, index)));
        }
    }
}
