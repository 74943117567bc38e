package io.tributary.models;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.CausalAttention;
import io.tributary.models.architecture.LayerSpec;
import io.tributary.models.experts.ExpertStatistics;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.packing.StagePacking;
import io.tributary.models.weights.EmbeddingTable;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A range of layers of a decoder, with the embedding if it is the first stage and with final norm and unembedding if it
 * is the last. With keys and values of one type the result for a position has the same bits whatever else is in the batch, however a sequence was cut into
 * chunks, and however many threads and stages there are. A model whose experts are chosen for a whole sequence at once
 * takes each sequence in one chunk only.
 *
 * <p>One thread at a time may use a stage and its sequences. Scratch memory is taken when a stage is loaded; only that
 * for logits grows, to the most rows ever wanted. The checkpoint must stay open for as long as the stage: embeddings are
 * read from the mapped file.
 */
public final class DecoderStage implements AutoCloseable {
    /** Rows per forward pass unless stated otherwise. */
    public static final int DEFAULT_MAXIMAL_ROWS = 256;

    private final Architecture architecture;
    private final StageRange range;
    private final int maximalRows;
    private final boolean routesWholeSequences;
    private final Arena arena = Arena.ofShared();
    private final KeyValuePool keyValuePool;
    private final PrefixCache prefixCache;
    private final StageExperts experts;
    private final Workspace workspace;
    private final @Nullable EmbeddingTable embedding;
    private final List<DecoderLayer> layers;
    private final @Nullable UnembeddingBlock unembedding;
    private final StagePacking packing;
    private final long weightBytes;
    private final String inputName;

    private DecoderStage(
            Checkpoint checkpoint,
            Architecture architecture,
            StageRange range,
            WorkPool pool,
            KeyValueBudget keyValues,
            int maximalRows,
            PackingCache cache,
            LoadProgress progress,
            Optional<RemoteExperts> remoteExperts) {
        this.architecture = architecture;
        this.range = range;
        this.maximalRows = maximalRows;
        this.routesWholeSequences = architecture.routesWholeSequences();
        this.inputName = "the input of stage " + range.index();
        try {
            int width = architecture.width();
            keyValuePool = new KeyValuePool(arena, keyValues.bytes(), layouts(architecture, range, keyValues.type()));
            prefixCache = new PrefixCache(keyValuePool, !routesWholeSequences);
            workspace = new Workspace(arena, pool, maximalRows, width, keyValues.type());
            packing = cache.open(checkpoint, part(range, remoteExperts.isPresent()), arena, pool);
            experts = new StageExperts(architecture, range, remoteExperts);
            WeightLoader loader = new WeightLoader(checkpoint, arena, packing);
            embedding = range.first() ? loader.embedding(architecture.vocabularySize(), width) : null;
            layers = layers(loader, progress);
            unembedding = range.last() ? unembedding(loader) : null;
            weightBytes = loader.loadedBytes();
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    /**
     * As {@link #load(Checkpoint, Architecture, StageRange, WorkPool, KeyValueBudget, int, PackingCache)} with the default
     * number of rows and without a cache.
     */
    public static DecoderStage load(
            Checkpoint checkpoint,
            Architecture architecture,
            StageRange range,
            WorkPool pool,
            KeyValueBudget keyValues) {
        return load(checkpoint, architecture, range, pool, keyValues, DEFAULT_MAXIMAL_ROWS, PackingCache.off());
    }

    /**
     * As {@link #load(Checkpoint, Architecture, StageRange, WorkPool, KeyValueBudget, int, PackingCache, LoadProgress, Optional)}
     * with experts of its own, and without telling anybody of its progress.
     */
    public static DecoderStage load(
            Checkpoint checkpoint,
            Architecture architecture,
            StageRange range,
            WorkPool pool,
            KeyValueBudget keyValues,
            int maximalRows,
            PackingCache cache) {
        return load(
                checkpoint,
                architecture,
                range,
                pool,
                keyValues,
                maximalRows,
                cache,
                LoadProgress.untold(),
                Optional.empty());
    }

    /**
     * Loads a stage.
     *
     * @param architecture what {@code ArchitectureReader.read(checkpoint)} gave
     * @param range which layers
     * @param pool computes; may serve several stages, one at a time
     * @param keyValues for the keys and values of all open sequences; taken as sequences need it
     * @param maximalRows positions in one batch
     * @param cache where packed weights are looked for and, if they are not there, written behind the first pass
     * @param progress told of each layer
     * @param remoteExperts who chooses and computes the experts of its layers; empty if the stage does, which then loads them
     * @throws io.tributary.checkpoints.CheckpointException if a tensor is missing or can't be read
     * @throws io.tributary.models.weights.WeightException if a tensor's shape, type or content does not do
     * @throws IllegalArgumentException if the range is not one of the architecture's, or the budget holds no page
     */
    public static DecoderStage load(
            Checkpoint checkpoint,
            Architecture architecture,
            StageRange range,
            WorkPool pool,
            KeyValueBudget keyValues,
            int maximalRows,
            PackingCache cache,
            LoadProgress progress,
            Optional<RemoteExperts> remoteExperts) {
        if (range.endLayer() > architecture.layers().size()) {
            throw new IllegalArgumentException("the stage ends with layer " + (range.endLayer() - 1)
                    + " but the model has only " + architecture.layers().size());
        }
        if (maximalRows < 1) {
            throw new IllegalArgumentException("a stage for at most " + maximalRows + " rows can compute nothing");
        }
        return new DecoderStage(
                checkpoint, architecture, range, pool, keyValues, maximalRows, cache, progress, remoteExperts);
    }

    /** The model of which this is a part. */
    public Architecture architecture() {
        return architecture;
    }

    /** Which part this is. */
    public StageRange range() {
        return range;
    }

    /** Positions that a batch may have at most. */
    public int maximalRows() {
        return maximalRows;
    }

    /** Bytes of memory that the weights take, without those that stay in the model's mapped file. */
    public long weightBytes() {
        return weightBytes;
    }

    /** Where the packed weights came from, and how far they have got on their way into the cache. */
    public StagePacking packing() {
        return packing;
    }

    /**
     * How often each expert of its layers has been chosen; without layers if none has experts, or if others choose. For any
     * thread.
     */
    public ExpertStatistics expertStatistics() {
        return experts.statistics();
    }

    /** How much of the memory for keys and values is taken. For any thread. */
    public KeyValueUse keyValueUse() {
        return keyValuePool.use();
    }

    /** The pages of positions whose tokens are known, for sequences that begin with the same tokens. */
    public PrefixCache prefixCache() {
        return prefixCache;
    }

    /**
     * Begins a sequence at position 0.
     *
     * @param maximalPositions how many positions it may get; with dynamic rope scaling the result depends on it
     * @throws IllegalArgumentException if that is not 1 to the architecture's context length
     */
    public SequenceState open(int maximalPositions) {
        if (maximalPositions < 1 || maximalPositions > architecture.contextLength()) {
            throw new IllegalArgumentException("a sequence of " + maximalPositions
                    + " positions can't be opened; allowed are 1 to the context length, "
                    + architecture.contextLength());
        }
        List<RotaryTable> tables = workspace.rotaryTables();
        double[][] frequencies = new double[tables.size()][];
        for (int table = 0; table < frequencies.length; table++) {
            frequencies[table] = tables.get(table).frequencies(maximalPositions);
        }
        return new SequenceState(keyValuePool, layers.size(), maximalPositions, frequencies);
    }

    /**
     * Begins a sequence with the first positions of another one, and with what the prefix cache knows of its tokens. Full
     * pages are shared and the rest is copied, so that the two go on independently: logits have the bits that they have for
     * a sequence that was computed from position 0.
     *
     * @param positions how many; the new sequence goes on at this position
     * @param maximalPositions how many positions the new sequence may get, those of the source included
     * @throws KeyValueExhaustedException if there is no page for the copy; it names the source, which has not changed
     * @throws IllegalArgumentException if the source has fewer positions or is not of this stage, if the new sequence may not
     *     get as many, if they would be rotated otherwise in it (dynamic rope scaling), or if the model's experts are chosen
     *     for a whole sequence at once
     * @throws IllegalStateException if the source is closed
     */
    public SequenceState fork(SequenceState source, int positions, int maximalPositions) {
        requireForkable(source);
        if (positions < 0 || positions > source.positions() || positions > maximalPositions) {
            throw new IllegalArgumentException("a sequence of at most " + maximalPositions
                    + " positions can't begin with " + positions + " of another one that has " + source.positions());
        }
        SequenceState fork = open(maximalPositions);
        if (!Arrays.deepEquals(fork.frequencies(), source.frequencies())) {
            throw new IllegalArgumentException("a sequence of " + maximalPositions
                    + " positions can't begin with positions of one of " + source.maximalPositions()
                    + ": the model's dynamic rope scaling rotates them otherwise");
        }
        fork.beginAs(source, positions);
        return fork;
    }

    /**
     * As {@link #forward(Batch, RoutingObserver)} without an observer.
     *
     * @throws SequenceException if one sequence can't go on
     * @throws IllegalArgumentException if the batch is empty or too long, or its input is not of this stage's kind
     */
    public void forward(Batch batch) {
        forward(batch, RoutingObserver.NONE);
    }

    /**
     * Computes a batch and moves its sequences forward. After a {@link SequenceException} no sequence has moved: remove
     * the one that it names from the batch and run the others again.
     *
     * @param batch 1 to {@link #maximalRows()} rows; token ids on the first stage, hidden states on later ones
     * @param observer told which experts each layer chooses for the rows of the batch
     * @throws SequenceException if one sequence can't go on
     * @throws IllegalArgumentException if the batch is empty or too long, or its input is not of this stage's kind
     */
    public void forward(Batch batch, RoutingObserver observer) {
        checkInput(batch);
        RowPlan plan = workspace.plan();
        plan.place(batch);
        readInput(batch);
        workspace.observe(observer);
        for (RotaryTable table : workspace.rotaryTables()) {
            table.fill(workspace.pool());
        }
        for (DecoderLayer layer : layers) {
            layer.run(plan.rows());
        }
        if (unembedding != null) {
            unembedding.run(batch);
        }
        plan.advance();
        packing.passEnded();
    }

    /** The residual stream behind the last layer [rows of the last batch, width]; until the next forward pass. */
    public FloatMatrix hidden() {
        return workspace.residual().front(workspace.plan().rows());
    }

    /**
     * The logits of the last batch [rows wanted, vocabulary], in the order of its chunks; until the next forward pass.
     *
     * @throws IllegalStateException if this is not the last stage
     */
    public FloatMatrix logits() {
        return requireUnembedding().logits();
    }

    /**
     * Final norm and unembedding for rows of {@link #hidden()}, whether the batch wanted their logits or not.
     *
     * @throws IllegalStateException if this is not the last stage
     */
    public OutputHead outputHead() {
        return requireUnembedding().head();
    }

    /**
     * Frees weights, keys and values, which no forward pass may be using; the stage's sequences are of no use any more. What
     * is not yet in the cache does not get there. While a disk that stands still keeps the thread that writes, the memory stays.
     */
    @Override
    public void close() {
        if (unembedding != null) {
            unembedding.close();
        }
        if (packing.stop()) {
            arena.close();
        }
    }

    /** What the stage's packed weights are called in the cache. */
    private static String part(StageRange range, boolean withoutExperts) {
        return "layers " + range.firstLayer() + " to " + range.endLayer() + (withoutExperts ? " without experts" : "");
    }

    private static List<KeyValueLayout> layouts(Architecture architecture, StageRange range, KeyValueType type) {
        List<KeyValueLayout> layouts = new ArrayList<>();
        for (int layer = range.firstLayer(); layer < range.endLayer(); layer++) {
            layouts.add(
                    switch (architecture.layers().get(layer).tokenMixing()) {
                        case CausalAttention attention -> AttentionBlock.layout(attention, type);
                    });
        }
        return layouts;
    }

    private List<DecoderLayer> layers(WeightLoader loader, LoadProgress progress) {
        List<DecoderLayer> loaded = new ArrayList<>();
        for (int layer = range.firstLayer(); layer < range.endLayer(); layer++) {
            LayerSpec specification = architecture.layers().get(layer);
            int layerInStage = layer - range.firstLayer();
            loaded.add(new DecoderLayer(
                    specification, layer, layerInStage, architecture.width(), loader, workspace, experts));
            progress.loaded(loaded.size(), range.endLayer() - range.firstLayer());
        }
        return loaded;
    }

    private UnembeddingBlock unembedding(WeightLoader loader) {
        int width = architecture.width();
        return new UnembeddingBlock(
                new NormBlock(architecture.finalNormalization(), loader.finalNorm(width)),
                loader.unembedding(architecture.tiedUnembedding(), architecture.vocabularySize(), width),
                width,
                workspace);
    }

    private UnembeddingBlock requireUnembedding() {
        if (unembedding == null) {
            throw new IllegalStateException(
                    "stage " + range.index() + " of " + range.count() + " has no logits; only the last one has");
        }
        return unembedding;
    }

    private void requireForkable(SequenceState source) {
        if (source.closed()) {
            throw new IllegalStateException("a sequence that has been closed can't be forked");
        }
        if (!source.ofPool(keyValuePool)) {
            throw new IllegalArgumentException("a sequence of another stage can't be forked");
        }
        if (routesWholeSequences) {
            throw new IllegalArgumentException(
                    "this model's experts are chosen for a whole sequence at once: no other can begin with a part of it");
        }
    }

    private void checkInput(Batch batch) {
        for (int chunk = 0; chunk < batch.chunks(); chunk++) {
            requireWholeSequence(batch, chunk);
            MemorySegment hidden = batch.hiddenStates(chunk);
            if ((hidden == null) != range.first()) {
                throw new IllegalArgumentException("stage " + range.index() + " takes "
                        + (range.first() ? "token ids, not hidden states" : "hidden states, not token ids"));
            }
            if (hidden == null) {
                checkTokens(batch, chunk);
            } else if (hidden.byteSize() != batch.rows(chunk) * rowBytes()) {
                throw new HiddenStateException(
                        batch.sequence(chunk), hidden.byteSize(), batch.rows(chunk), architecture.width());
            }
        }
    }

    private void requireWholeSequence(Batch batch, int chunk) {
        if (routesWholeSequences && batch.firstPosition(chunk) != 0) {
            throw new PositionException(
                    batch.sequence(chunk),
                    "a chunk begins at position " + batch.firstPosition(chunk)
                            + " but this model's experts are chosen for a whole sequence at once: it must be one chunk"
                            + " from position 0, and no token can follow it");
        }
    }

    private void checkTokens(Batch batch, int chunk) {
        for (int index = 0; index < batch.rows(chunk); index++) {
            int token = batch.token(batch.firstRow(chunk) + index);
            if (token < 0 || token >= architecture.vocabularySize()) {
                int position = batch.firstPosition(chunk) + index;
                throw new TokenIdException(batch.sequence(chunk), token, position, architecture.vocabularySize());
            }
        }
    }

    private void readInput(Batch batch) {
        RowBuffer residual = workspace.residual();
        for (int chunk = 0; chunk < batch.chunks(); chunk++) {
            int first = batch.firstRow(chunk);
            MemorySegment hidden = batch.hiddenStates(chunk);
            for (int index = 0; index < batch.rows(chunk); index++) {
                MemorySegment target = residual.row(first + index);
                if (hidden != null) {
                    MemorySegment.copy(hidden, index * rowBytes(), target, 0, rowBytes());
                } else if (embedding != null) {
                    embedding.lookUp(batch.token(first + index), target);
                }
            }
        }
        MemorySegment input = residual.front(workspace.plan().rows()).data();
        workspace.plan().requireFinite(input, architecture.width(), inputName);
    }

    private long rowBytes() {
        return (long) architecture.width() * Float.BYTES;
    }
}
