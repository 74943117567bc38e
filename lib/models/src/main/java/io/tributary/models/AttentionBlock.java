package io.tributary.models;

import io.tributary.kernels.Attention;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.CausalAttention;
import io.tributary.models.architecture.QueryKeyNormalization;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.TensorRole;
import io.tributary.models.weights.WeightLoader;
import org.jspecify.annotations.Nullable;

/** Causal attention of one layer. A part of its parallel work is one row with one key/value head. */
final class AttentionBlock implements Mixing, WorkPool.Part {
    private final CausalAttention specification;
    private final KeyValueLayout layout;
    private final float scale;
    private final int layerInStage;
    private final Workspace workspace;
    private final RotaryTable rotary;
    private final Projection queryProjection;
    private final Projection keyProjection;
    private final Projection valueProjection;
    private final Projection outputProjection;
    private final @Nullable QueryKeyNorm queryNorm;
    private final @Nullable QueryKeyNorm keyNorm;
    private final RowBuffer queries;
    private final RowBuffer keys;
    private final RowBuffer values;
    private final RowBuffer attended;

    /**
     * @param layer the layer in the model
     * @param layerInStage the layer in the stage, which is that of the sequences' pages
     * @param width elements of the residual stream
     */
    AttentionBlock(
            CausalAttention specification,
            int layer,
            int layerInStage,
            int width,
            WeightLoader loader,
            Workspace workspace) {
        this.specification = specification;
        this.layout = layout(specification);
        this.scale = (float) (1 / Math.sqrt(specification.headSize()));
        this.layerInStage = layerInStage;
        this.workspace = workspace;
        this.rotary = workspace.rotaryTable(specification.position());
        int queryWidth = specification.queryWidth();
        int keyValueWidth = specification.keyValueWidth();
        boolean bias = specification.biases().onQueryKeyValue();
        queryProjection = loader.projection(TensorRole.QUERY, layer, queryWidth, width, bias);
        keyProjection = loader.projection(TensorRole.KEY, layer, keyValueWidth, width, bias);
        valueProjection = loader.projection(TensorRole.VALUE, layer, keyValueWidth, width, bias);
        outputProjection = loader.projection(
                TensorRole.ATTENTION_OUTPUT,
                layer,
                width,
                queryWidth,
                specification.biases().onOutput());
        queries = workspace.buffer("queries", queryWidth);
        keys = workspace.buffer("keys", keyValueWidth);
        values = workspace.buffer("values", keyValueWidth);
        attended = workspace.buffer("attended", queryWidth);
        QueryKeyNormalization normalization = specification.normalization();
        queryNorm =
                QueryKeyNorm.load(normalization, TensorRole.QUERY_NORM, layer, queries, specification.heads(), loader);
        keyNorm = QueryKeyNorm.load(
                normalization, TensorRole.KEY_NORM, layer, keys, specification.keyValueHeads(), loader);
    }

    /** How the keys and values of such a block lie in a page. */
    static KeyValueLayout layout(CausalAttention specification) {
        return new KeyValueLayout(specification.keyValueHeads(), specification.headSize());
    }

    @Override
    public String operation() {
        return "causal attention";
    }

    @Override
    public void run(int rows) {
        WorkPool pool = workspace.pool();
        RowBuffer input = workspace.normalized();
        queryProjection.apply(input.front(rows), queries.front(rows), pool);
        keyProjection.apply(input.front(rows), keys.front(rows), pool);
        valueProjection.apply(input.front(rows), values.front(rows), pool);
        if (queryNorm != null) {
            queryNorm.apply(rows);
        }
        if (keyNorm != null) {
            keyNorm.apply(rows);
        }
        rotary.rotate(queries, rows, specification.heads(), specification.headSize());
        rotary.rotate(keys, rows, specification.keyValueHeads(), specification.headSize());
        // All rows are stored before any is attended to: a sequence may have several rows in the batch.
        for (int row = 0; row < rows; row++) {
            store(row);
        }
        pool.forEach(rows * specification.keyValueHeads(), operations(rows), this);
        outputProjection.apply(attended.front(rows), workspace.summand().front(rows), pool);
    }

    @Override
    public void run(int part, int worker) {
        int row = part / specification.keyValueHeads();
        RowPlan plan = workspace.plan();
        Attention.attend(
                layout,
                plan.sequence(row).pages(layerInStage),
                plan.position(row) + 1,
                queries.row(row),
                specification.heads(),
                part % specification.keyValueHeads(),
                scale,
                attended.row(row),
                workspace.workerScratch(worker));
    }

    /** Multiply-adds of scores and weighted values of all rows. */
    private long operations(int rows) {
        long keysSeen = 0;
        for (int row = 0; row < rows; row++) {
            keysSeen += workspace.plan().position(row) + 1;
        }
        return 2 * keysSeen * specification.heads() * specification.headSize();
    }

    private void store(int row) {
        int position = workspace.plan().position(row);
        int page = position / KeyValueLayout.PAGE_POSITIONS;
        Attention.store(
                layout,
                workspace.plan().sequence(row).pages(layerInStage)[page],
                position % KeyValueLayout.PAGE_POSITIONS,
                keys.row(row),
                values.row(row));
    }
}
