package io.tributary.kernels;

/** The product of activations with a packed weight matrix. */
public final class MatMul {
    /** Kept for each calling thread, so that a product allocates nothing. */
    private static final ThreadLocal<PanelProduct> PRODUCT = ThreadLocal.withInitial(PanelProduct::new);

    private static final ThreadLocal<ScalarProduct> SCALAR_PRODUCT = ThreadLocal.withInitial(ScalarProduct::new);

    private MatMul() {}

    /**
     * Computes {@code y[t][o] = sum over k of x[t][k] * w[o][k]} in the canonical order, which depends on no other token
     * and on no number of threads. A quantised matrix gives the bits of its {@link WeightRows dequantised} twin.
     *
     * @param x [tokens, inputs]
     * @param w [outputs, inputs]
     * @param y [tokens, outputs], in memory of its own
     * @throws IllegalArgumentException when the shapes do not fit
     */
    public static void multiply(FloatMatrix x, PackedWeights w, FloatMatrix y, WorkPool pool) {
        x.requireShape("x", x.rows(), w.inputs());
        y.requireShape("y", x.rows(), w.outputs());
        if (x.rows() > 0) {
            switch (w.layout()) {
                case StoredRows stored -> SCALAR_PRODUCT.get().compute(x, w, y, pool);
                case PackedFormat packed -> PRODUCT.get().compute(x, w, packed, y, pool);
            }
        }
    }
}
