package io.tributary.models.text;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.Elementwise;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.LayerNorm;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.EncoderStack;
import io.tributary.models.EncoderStack.LayerObserver;
import io.tributary.models.architecture.BertArchitecture;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.packing.StagePacking;
import io.tributary.models.weights.EmbeddingTable;
import io.tributary.models.weights.EncoderNaming;
import io.tributary.models.weights.NormWeights;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A BERT that turns texts into embeddings. What comes of a text has the same bits whatever is encoded with it. One thread at a
 * time may use it; the checkpoint must stay open for as long.
 */
public final class TextEncoder implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final BertArchitecture architecture;
    private final Pooling pooling;
    private final WorkPool pool;
    private final Arena arena = Arena.ofShared();
    private final StagePacking packing;
    private final EncoderStack stack;
    private final EmbeddingTable words;
    private final EmbeddingTable positions;
    private final MemorySegment segment;
    private final NormWeights norm;
    private final @Nullable Projection pooler;
    private final MemorySegment positionRow;
    private final FloatMatrix pooled;
    private final FloatMatrix dense;

    /**
     * Loads a model.
     *
     * @param architecture what {@link BertArchitecture#read} gave
     * @param limits of a batch; sequences may be as long as its rows, and the model's positions
     * @throws io.tributary.checkpoints.CheckpointException if a tensor is missing or can't be read
     * @throws io.tributary.models.weights.WeightException if a tensor's shape, type or content does not do
     */
    public TextEncoder(
            Checkpoint checkpoint,
            BertArchitecture architecture,
            Pooling pooling,
            WorkPool pool,
            EncoderLimits limits,
            PackingCache cache) {
        this.architecture = architecture;
        this.pooling = pooling;
        this.pool = pool;
        try {
            packing = cache.open(checkpoint, "text encoder", arena, pool);
            WeightLoader loader = new WeightLoader(checkpoint, arena, packing);
            String prefix =
                    checkpoint.tensor("bert.embeddings.LayerNorm.weight").isPresent() ? "bert." : "";
            int width = width();
            words = loader.table(prefix + "embeddings.word_embeddings", architecture.vocabularySize(), width);
            positions = loader.table(prefix + "embeddings.position_embeddings", architecture.positions(), width);
            segment = row(loader.table(prefix + "embeddings.token_type_embeddings", architecture.segments(), width));
            norm = loader.norm(prefix + "embeddings.LayerNorm", width);
            stack = new EncoderStack(architecture.encoder(), EncoderNaming.bert(prefix), loader, arena, pool, limits);
            pooler = pooling.form() == Pooling.Form.POOLER
                    ? loader.projection(prefix + "pooler.dense", width, width, true)
                    : null;
            positionRow = arena.allocate((long) width * Float.BYTES, FloatMatrix.ALIGNMENT);
            pooled = FloatMatrix.allocate(arena, limits.sequences(), width);
            dense = FloatMatrix.allocate(arena, limits.sequences(), width);
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    /** As the constructor, for a directory of transformers or sentence-transformers, whose pooling is read too. */
    public static TextEncoder load(
            HuggingFaceCheckpoint checkpoint, WorkPool pool, EncoderLimits limits, PackingCache cache) {
        return new TextEncoder(
                checkpoint, BertArchitecture.read(checkpoint), Pooling.of(checkpoint.directory()), pool, limits, cache);
    }

    /** Elements of an embedding. */
    public int width() {
        return architecture.encoder().width();
    }

    /** Number of token ids. */
    public int vocabularySize() {
        return architecture.vocabularySize();
    }

    /** Tokens that a text may have at most, special ones included. */
    public int maximalTokens() {
        return Math.min(architecture.positions(), stack.limits().rows());
    }

    /** What a batch may hold. */
    public EncoderLimits limits() {
        return stack.limits();
    }

    /** As {@link #encode(List, LayerObserver)} without an observer. */
    public FloatMatrix encode(List<int[]> texts) {
        return encode(texts, (layer, hidden) -> {});
    }

    /**
     * Encodes texts together.
     *
     * @param texts token ids of each, special ones included; within {@link #limits}
     * @param observer told of the hidden states [tokens of all texts, width] behind each layer
     * @return an embedding for each text [texts, width], until the next call
     * @throws TokensException if a text has no token, too many, or one that is not in the vocabulary
     * @throws io.tributary.models.NonFiniteEncodingException if the computation of a text gave NaN or infinity
     * @throws IllegalArgumentException if they are more than a batch may hold
     */
    public FloatMatrix encode(List<int[]> texts, LayerObserver observer) {
        int[] lengths = new int[texts.size()];
        for (int text = 0; text < lengths.length; text++) {
            check(text, texts.get(text));
            lengths[text] = texts.get(text).length;
        }
        int rows = embed(texts);
        stack.run(lengths, observer);
        packing.passEnded();
        return pool(lengths, rows);
    }

    /**
     * The hidden states of the last call [tokens of all texts, width], until the next one.
     *
     * @param tokens of all texts
     */
    public FloatMatrix hidden(int tokens) {
        return stack.rows(tokens);
    }

    private void check(int text, int[] ids) {
        if (ids.length < 1 || ids.length > maximalTokens()) {
            throw new TokensException(text, "it has " + ids.length + " tokens; there must be 1 to " + maximalTokens());
        }
        for (int position = 0; position < ids.length; position++) {
            if (ids[position] < 0 || ids[position] >= vocabularySize()) {
                throw new TokensException(
                        text,
                        "the token id at position " + position + " is " + ids[position] + " but must be 0 to "
                                + (vocabularySize() - 1));
            }
        }
    }

    private int embed(List<int[]> texts) {
        int rows = texts.stream().mapToInt(ids -> ids.length).sum();
        if (rows > limits().rows()) {
            throw new IllegalArgumentException(rows + " tokens in a batch of at most " + limits().rows());
        }
        FloatMatrix input = stack.rows(rows);
        FloatMatrix position = new FloatMatrix(positionRow, 1, width());
        int row = 0;
        for (int[] ids : texts) {
            for (int index = 0; index < ids.length; index++) {
                FloatMatrix sum = input.rows(row, 1);
                words.lookUp(ids[index], sum.data());
                positions.lookUp(index, positionRow);
                Elementwise.addRow(sum, segment, pool);
                Elementwise.add(sum, position, pool);
                row++;
            }
        }
        LayerNorm.apply(
                input,
                norm.weight(),
                norm.requireBias(),
                architecture.normalization().epsilon(),
                input,
                pool);
        return rows;
    }

    private FloatMatrix pool(int[] lengths, int rows) {
        FloatMatrix hidden = stack.rows(rows);
        FloatMatrix result = pooled.rows(0, lengths.length);
        int first = 0;
        for (int text = 0; text < lengths.length; text++) {
            int counted = pooling.form() == Pooling.Form.MEAN ? lengths[text] : 1;
            mean(hidden.rows(first, counted), result.row(text));
            first += lengths[text];
        }
        if (pooler != null) {
            FloatMatrix image = dense.rows(0, lengths.length);
            pooler.apply(result, image, pool);
            tanh(image, result);
        }
        if (pooling.unitLength()) {
            toUnitLength(result);
        }
        return result;
    }

    private static void mean(FloatMatrix rows, MemorySegment target) {
        for (int column = 0; column < rows.columns(); column++) {
            double sum = 0;
            for (int row = 0; row < rows.rows(); row++) {
                sum += rows.get(row, column);
            }
            target.setAtIndex(FLOAT, column, (float) (sum / rows.rows()));
        }
    }

    /** By StrictMath, whose bits are the same everywhere. */
    private static void tanh(FloatMatrix x, FloatMatrix y) {
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                y.set(row, column, (float) StrictMath.tanh(x.get(row, column)));
            }
        }
    }

    /** A vector of zeros, which has no direction, stays one. */
    private static void toUnitLength(FloatMatrix rows) {
        for (int row = 0; row < rows.rows(); row++) {
            double squares = 0;
            for (int column = 0; column < rows.columns(); column++) {
                squares += (double) rows.get(row, column) * rows.get(row, column);
            }
            double length = Math.sqrt(squares);
            for (int column = 0; column < rows.columns() && length > 0; column++) {
                rows.set(row, column, (float) (rows.get(row, column) / length));
            }
        }
    }

    private MemorySegment row(EmbeddingTable table) {
        MemorySegment row = arena.allocate((long) width() * Float.BYTES, FloatMatrix.ALIGNMENT);
        table.lookUp(0, row);
        return row;
    }

    /** Frees the weights, which no call may be using. */
    @Override
    public void close() {
        if (packing.stop()) {
            arena.close();
        }
    }
}
