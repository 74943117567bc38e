package io.tributary.models;

import io.tributary.kernels.Attention;
import io.tributary.kernels.AttentionTile;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueStore;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.EncoderArchitecture;
import io.tributary.models.weights.EncoderNaming;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.WeightLoader;

/**
 * Attention of one layer of an encoder, over whole sequences. A part of its parallel work is one head of a sequence: its keys and
 * values are stored, and then its rows attend to them, tile by tile.
 */
final class EncoderAttention {
    private final EncoderArchitecture architecture;
    private final KeyValueLayout layout;
    private final Attention attention;
    private final Workspace workspace;
    private final EncoderSequences sequences;
    private final Projection queryProjection;
    private final Projection keyProjection;
    private final Projection valueProjection;
    private final Projection outputProjection;
    private final RowBuffer queries;
    private final RowBuffer keys;
    private final RowBuffer values;
    private final RowBuffer attended;
    private final WorkPool.Part attending = this::attend;

    EncoderAttention(
            EncoderArchitecture architecture,
            EncoderNaming naming,
            int layer,
            WeightLoader loader,
            Workspace workspace,
            EncoderSequences sequences) {
        this.architecture = architecture;
        this.workspace = workspace;
        this.sequences = sequences;
        layout = layout(architecture, workspace);
        attention = new Attention(layout, architecture.heads(), (float) (1 / Math.sqrt(architecture.headSize())));
        workspace.requireTileScratch(attention.scratchBytes());
        int width = architecture.width();
        boolean biases = architecture.attentionBiases();
        queryProjection = loader.projection(naming.stem(layer, naming.query()), width, width, biases);
        keyProjection = loader.projection(naming.stem(layer, naming.key()), width, width, biases);
        valueProjection = loader.projection(naming.stem(layer, naming.value()), width, width, biases);
        outputProjection = loader.projection(naming.stem(layer, naming.attentionOutput()), width, width, biases);
        queries = workspace.buffer("queries", width);
        keys = workspace.buffer("keys", width);
        values = workspace.buffer("values", width);
        attended = workspace.buffer("attended", width);
    }

    /** How keys and values lie in a page. */
    static KeyValueLayout layout(EncoderArchitecture architecture, Workspace workspace) {
        return new KeyValueLayout(architecture.heads(), architecture.headSize(), workspace.keyValueType());
    }

    /** Writes what the rows of x [rows, width] make of each other to y [rows, width], which is not x. */
    void apply(FloatMatrix x, FloatMatrix y) {
        WorkPool pool = workspace.pool();
        int rows = x.rows();
        queryProjection.apply(x, queries.front(rows), pool);
        keyProjection.apply(x, keys.front(rows), pool);
        valueProjection.apply(x, values.front(rows), pool);
        pool.forEach(sequences.count() * architecture.heads(), operations(), attending);
        outputProjection.apply(attended.front(rows), y, pool);
    }

    private void attend(int part, int worker) {
        int sequence = part / architecture.heads();
        int head = part % architecture.heads();
        store(sequence, head);
        int first = sequences.firstRow(sequence);
        int length = sequences.length(sequence);
        int step = attention.tilePositions();
        AttentionTile tile = workspace.tile(worker);
        for (int position = 0; position < length; position += step) {
            int positions = Math.min(step, length - position);
            switch (architecture.mask()) {
                case NONE -> tile.placeAmong(sequences.pages(sequence), length, first + position, positions);
                case CAUSAL -> tile.place(sequences.pages(sequence), position, first + position, positions);
            }
            attention.attend(tile, head, queries.front(sequences.rows()), attended.front(sequences.rows()));
        }
    }

    private void store(int sequence, int head) {
        int first = sequences.firstRow(sequence);
        for (int position = 0; position < sequences.length(sequence); position++) {
            KeyValueStore.store(
                    layout,
                    sequences.pages(sequence)[position / KeyValueLayout.PAGE_POSITIONS],
                    position % KeyValueLayout.PAGE_POSITIONS,
                    head,
                    keys.row(first + position),
                    values.row(first + position));
        }
    }

    /** Multiply-adds of scores and weighted values. */
    private long operations() {
        long pairs = 0;
        for (int sequence = 0; sequence < sequences.count(); sequence++) {
            pairs += (long) sequences.length(sequence) * sequences.length(sequence);
        }
        return 2 * pairs * architecture.width();
    }
}
