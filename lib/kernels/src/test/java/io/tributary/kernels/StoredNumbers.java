package io.tributary.kernels;

/** What a key or value of one head becomes by being stored, written as plain scalar code. */
final class StoredNumbers {
    private static final float LARGEST_HALF = 65504f;

    private StoredNumbers() {}

    static float[] of(KeyValueType type, float[] values) {
        float[] stored = values.clone();
        float magnitude = 0f;
        for (float value : values) {
            magnitude = Math.max(magnitude, Math.abs(value));
        }
        for (int i = 0; i < stored.length; i++) {
            stored[i] = switch (type) {
                case F32 -> values[i];
                case F16 -> half(values[i]);
                case BF16 -> brainFloat(values[i]);
                case Q8 -> quant(values[i], magnitude);
            };
        }
        return stored;
    }

    private static float half(float value) {
        float bounded = Math.min(Math.max(value, -LARGEST_HALF), LARGEST_HALF);
        return Float.float16ToFloat(Float.floatToFloat16(bounded));
    }

    /** The nearer of the two neighbours, the even one when both are equally near. */
    private static float brainFloat(float value) {
        int low = Float.floatToRawIntBits(value) & 0xffff0000;
        double below = Float.intBitsToFloat(low);
        double above = Float.intBitsToFloat(low + 0x10000);
        double middle = (below + above) / 2;
        boolean up = Math.abs(value) > Math.abs(middle) || (value == middle && (low & 0x10000) != 0);
        return (float) (up && Double.isFinite(above) ? above : below);
    }

    private static float quant(float value, float magnitude) {
        if (magnitude < 0x1p-120f) {
            return 0f;
        }
        byte quant = (byte) Math.clamp(Math.rint(value * (127f / magnitude)), -127, 127);
        return quant * (magnitude / 127f);
    }
}
