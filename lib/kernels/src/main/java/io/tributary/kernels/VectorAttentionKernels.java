package io.tributary.kernels;

/** Attention by register tiles of vectors. */
final class VectorAttentionKernels implements AttentionKernels {
    @Override
    public void begin(AttentionOperands operands) {
        AttentionWeights.begin(operands, operands.endRow);
    }

    @Override
    public void widen(KeyValueLayout layout, long source, long target) {
        KeyValueWidening.widen(layout, source, target);
    }

    @Override
    public void attend(AttentionOperands operands) {
        AttentionScores.score(operands);
        AttentionWeights.weigh(operands);
        AttentionValues.add(operands);
    }

    @Override
    public void scale(long source, float factor, long target, int count) {
        AttentionWeights.scale(source, factor, target, count);
    }
}
