package io.tributary.models;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.QueryKeyNormalization;
import io.tributary.models.weights.TensorRole;
import io.tributary.models.weights.WeightLoader;
import org.jspecify.annotations.Nullable;

/** Normalises queries, or keys, before they are rotated. */
final class QueryKeyNorm {
    private final NormBlock norm;
    /** By number of rows: what one norm each is taken over, as the rows of a matrix. */
    private final FloatMatrix[] views;

    private QueryKeyNorm(NormBlock norm, FloatMatrix[] views) {
        this.norm = norm;
        this.views = views;
    }

    /**
     * The norm of a layer's queries or keys; null without.
     *
     * @param role QUERY_NORM or KEY_NORM
     * @param x what it normalises in place [rows, heads * headSize]
     */
    static @Nullable QueryKeyNorm load(
            QueryKeyNormalization specification,
            TensorRole role,
            int layer,
            RowBuffer x,
            int heads,
            WeightLoader loader) {
        int width = x.front(0).columns();
        return switch (specification) {
            case QueryKeyNormalization.None none -> null;
            case QueryKeyNormalization.EachHead each -> {
                int headSize = width / heads;
                NormBlock norm = new NormBlock(each.norm(), loader.norm(role, layer, headSize));
                yield new QueryKeyNorm(norm, views(x, heads));
            }
            case QueryKeyNormalization.WholeWidth whole ->
                new QueryKeyNorm(new NormBlock(whole.norm(), loader.norm(role, layer, width)), views(x, 1));
        };
    }

    /** Normalises the first rows. */
    void apply(int rows, WorkPool pool) {
        norm.apply(views[rows], views[rows], pool);
    }

    private static FloatMatrix[] views(RowBuffer x, int parts) {
        FloatMatrix[] views = new FloatMatrix[x.maximalRows() + 1];
        for (int rows = 0; rows < views.length; rows++) {
            FloatMatrix whole = x.front(rows);
            views[rows] = new FloatMatrix(whole.data(), rows * parts, whole.columns() / parts);
        }
        return views;
    }
}
