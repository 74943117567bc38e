package io.tributary.models;

import io.tributary.kernels.Attention;
import io.tributary.kernels.AttentionTile;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueStore;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.CausalAttention;
import io.tributary.models.architecture.QueryKeyNormalization;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.TensorRole;
import io.tributary.models.weights.WeightLoader;
import org.jspecify.annotations.Nullable;

/** Causal attention of one layer. A part of its parallel work is a tile of rows with one key/value head. */
final class AttentionBlock implements Mixing {
    private final CausalAttention specification;
    private final KeyValueLayout layout;
    private final Attention attention;
    private final int layerInStage;
    private final String keysName;
    private final String valuesName;
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
    private final AttentionTiles tiles;
    private final WorkPool.Part storing = this::store;
    private final WorkPool.Part attending = this::attend;

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
        this.layout = layout(specification, workspace.keyValueType());
        this.attention =
                new Attention(layout, specification.heads(), (float) (1 / Math.sqrt(specification.headSize())));
        workspace.requireTileScratch(attention.scratchBytes());
        this.layerInStage = layerInStage;
        this.keysName = "layer " + layer + ", keys";
        this.valuesName = "layer " + layer + ", values";
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
        tiles = new AttentionTiles(workspace.plan(), workspace.maximalRows(), attention.tilePositions());
        QueryKeyNormalization normalization = specification.normalization();
        queryNorm =
                QueryKeyNorm.load(normalization, TensorRole.QUERY_NORM, layer, queries, specification.heads(), loader);
        keyNorm = QueryKeyNorm.load(
                normalization, TensorRole.KEY_NORM, layer, keys, specification.keyValueHeads(), loader);
    }

    /** How the keys and values of such a block lie in a page. */
    static KeyValueLayout layout(CausalAttention specification, KeyValueType type) {
        return new KeyValueLayout(specification.keyValueHeads(), specification.headSize(), type);
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
            queryNorm.apply(rows, pool);
        }
        if (keyNorm != null) {
            keyNorm.apply(rows, pool);
        }
        rotary.rotate(queries, rows, specification.heads(), specification.headSize(), pool);
        rotary.rotate(keys, rows, specification.keyValueHeads(), specification.headSize(), pool);
        // Rounding to a shorter type could make them look finite.
        workspace.plan().requireFinite(keys.front(rows).data(), layout.rowElements(), keysName);
        workspace.plan().requireFinite(values.front(rows).data(), layout.rowElements(), valuesName);
        // All rows are stored before any is attended to: a sequence may have several rows in the batch.
        pool.forEach(specification.keyValueHeads(), 2L * rows * layout.rowElements(), storing);
        tiles.cut(rows);
        pool.forEach(tiles.count() * specification.keyValueHeads(), operations(rows), attending);
        outputProjection.apply(attended.front(rows), workspace.summand().front(rows), pool);
    }

    /** Stores the keys and values of one head. */
    private void store(int head, int worker) {
        RowPlan plan = workspace.plan();
        for (int row = 0; row < plan.rows(); row++) {
            int position = plan.position(row);
            KeyValueStore.store(
                    layout,
                    plan.sequence(row).pages(layerInStage)[position / KeyValueLayout.PAGE_POSITIONS],
                    position % KeyValueLayout.PAGE_POSITIONS,
                    head,
                    keys.row(row),
                    values.row(row));
        }
    }

    private void attend(int part, int worker) {
        RowPlan plan = workspace.plan();
        int index = part / specification.keyValueHeads();
        int row = tiles.firstRow(index);
        AttentionTile tile = workspace.tile(worker);
        tile.place(plan.sequence(row).pages(layerInStage), plan.position(row), row, tiles.rows(index));
        FloatMatrix outputs = attended.front(plan.rows());
        attention.attend(tile, part % specification.keyValueHeads(), queries.front(plan.rows()), outputs);
    }

    /** Multiply-adds of scores and weighted values of all rows. */
    private long operations(int rows) {
        long keysSeen = 0;
        for (int row = 0; row < rows; row++) {
            keysSeen += workspace.plan().position(row) + 1;
        }
        return 2 * keysSeen * specification.heads() * specification.headSize();
    }
}
