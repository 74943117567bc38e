package io.tributary.bench.synthetic;

import io.tributary.checkpoints.TensorType;

/** How the matrices of a model are stored. */
enum WeightFormat {
    F32(TensorType.F32, 0),
    F16(TensorType.F16, 1),
    BF16(TensorType.BF16, 32),
    Q8_0(TensorType.Q8_0, 7),
    Q4_0(TensorType.Q4_0, 2),
    Q4_1(TensorType.Q4_1, 3),
    Q5_0(TensorType.Q5_0, 8),
    Q5_1(TensorType.Q5_1, 9),
    Q4_K(TensorType.Q4_K, 14),
    Q5_K(TensorType.Q5_K, 16),
    Q6_K(TensorType.Q6_K, 18);

    private final TensorType tensorType;
    private final int fileType;

    WeightFormat(TensorType tensorType, int fileType) {
        this.tensorType = tensorType;
        this.fileType = fileType;
    }

    TensorType tensorType() {
        return tensorType;
    }

    /** The number in general.file_type (llama_ftype of llama.h), which names the model in llama.cpp's output. */
    int fileType() {
        return fileType;
    }

    /** Random blocks of this format. */
    RandomBlocks blocks() {
        return switch (this) {
            case F32, F16, BF16 -> new PlainBlocks(tensorType);
            // Whole numbers q of n bits are uniform, so a weight d * q has the root mean square d * rms(q).
            case Q8_0 -> ScaledBlocks.symmetric(34, 0, 73.9);
            case Q4_0 -> ScaledBlocks.symmetric(18, 0, 4.637);
            case Q5_0 -> ScaledBlocks.symmetric(22, 0, 9.247);
            // d * q + m, with m such that the mean is zero.
            case Q4_1 -> ScaledBlocks.withMinimum(20, -7.5, 4.610);
            case Q5_1 -> ScaledBlocks.withMinimum(24, -15.5, 9.233);
            // d * s * q - dmin * m, with s and m uniform in 0..63.
            case Q4_K -> ScaledBlocks.withMinimum(144, 7.5, 258.3);
            case Q5_K -> ScaledBlocks.withMinimum(176, 15.5, 526.9);
            // d * s * q, with s uniform in -128..127 and d at the end of the block.
            case Q6_K -> ScaledBlocks.symmetric(210, 208, 1365.7);
        };
    }
}
