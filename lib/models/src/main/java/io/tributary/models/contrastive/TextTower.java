package io.tributary.models.contrastive;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.LayerNorm;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.EncoderStack;
import io.tributary.models.architecture.ClipArchitecture;
import io.tributary.models.weights.EmbeddingTable;
import io.tributary.models.weights.NormWeights;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** CLIP's tower of texts: causal layers over tokens and learned positions, read at the end of each text. */
final class TextTower {
    private final ClipArchitecture architecture;
    private final WorkPool pool;
    private final EmbeddingTable tokens;
    private final MemorySegment positions;
    private final NormWeights norm;
    private final EncoderStack stack;
    private final EncoderLimits limits;

    TextTower(
            ClipArchitecture architecture,
            ClipNaming naming,
            WeightLoader loader,
            Arena arena,
            WorkPool pool,
            EncoderLimits limits) {
        this.architecture = architecture;
        this.pool = pool;
        this.limits = limits;
        int width = architecture.text().width();
        tokens = loader.table(naming.tokens(), architecture.vocabularySize(), width);
        positions = loader.floats(naming.positions(), architecture.positions(), width);
        norm = loader.norm(naming.textNorm(), width);
        stack = new EncoderStack(architecture.text(), naming.textLayers(), loader, arena, pool, limits);
    }

    /** How many of the texts from the given one on fit into a batch. */
    int fitting(List<int[]> texts, int first) {
        int rows = 0;
        int end = first;
        while (end < texts.size()
                && end - first < limits.sequences()
                && rows + texts.get(end).length <= limits.rows()) {
            rows += texts.get(end).length;
            end++;
        }
        return end - first;
    }

    /**
     * Encodes a batch.
     *
     * @param texts ids of each, at most as many as there are positions
     * @param observer told of the layers
     * @param features [texts, width], written: the last token of each text behind the norm
     */
    void encode(List<int[]> texts, EncoderStack.LayerObserver observer, FloatMatrix features) {
        int[] lengths = texts.stream().mapToInt(ids -> ids.length).toArray();
        FloatMatrix rows = embed(texts);
        stack.run(lengths, observer);
        int end = 0;
        for (int text = 0; text < lengths.length; text++) {
            end += lengths[text];
            features.row(text).copyFrom(rows.row(end - 1));
        }
        float epsilon = architecture.text().normalization().epsilon();
        LayerNorm.apply(features, norm.weight(), norm.requireBias(), epsilon, features, pool);
    }

    private FloatMatrix embed(List<int[]> texts) {
        FloatMatrix rows = stack.rows(texts.stream().mapToInt(ids -> ids.length).sum());
        int row = 0;
        for (int[] ids : texts) {
            for (int position = 0; position < ids.length; position++) {
                MemorySegment target = rows.row(row);
                tokens.lookUp(requireKnown(ids[position]), target);
                addPosition(position, target, rows.columns());
                row++;
            }
        }
        return rows;
    }

    private void addPosition(int position, MemorySegment target, int width) {
        for (int column = 0; column < width; column++) {
            float sum = target.getAtIndex(ValueLayout.JAVA_FLOAT, column)
                    + positions.getAtIndex(ValueLayout.JAVA_FLOAT, (long) position * width + column);
            target.setAtIndex(ValueLayout.JAVA_FLOAT, column, sum);
        }
    }

    private int requireKnown(int id) {
        if (id < 0 || id >= architecture.vocabularySize()) {
            throw new IllegalArgumentException("the token id " + id + " is not of the vocabulary, 0 to "
                    + (architecture.vocabularySize() - 1) + "; is the tokenizer that of the model?");
        }
        return id;
    }
}
