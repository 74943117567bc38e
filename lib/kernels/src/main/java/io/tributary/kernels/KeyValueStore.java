package io.tributary.kernels;

import static io.tributary.kernels.FloatMatrix.FLOAT;
import static io.tributary.kernels.KeyValueLayout.PAGE_POSITIONS;
import static io.tributary.kernels.NativeMemory.ALL;
import static io.tributary.kernels.NativeMemory.place;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Writes keys and values into the pages that attention reads. */
public final class KeyValueStore {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final float LARGEST_HALF = 65504f;
    private static final float LARGEST_QUANT = 127f;
    /** With a smaller magnitude the inverse of the scale would be infinite. */
    private static final float LEAST_MAGNITUDE = 0x1p-120f;

    private static final int BRAIN_FLOAT_BITS = 16;
    private static final int BRAIN_FLOAT_HALF = 0x7fff;
    private static final int LARGEST_BRAIN_FLOAT = 0x7f7f;

    private KeyValueStore() {}

    /**
     * Writes one head's key and value of a position into its page.
     *
     * @param page native memory of {@link KeyValueLayout#pageBytes()} bytes
     * @param slot the position modulo 64
     * @param keyRow finite float32, {@code keyValueHeads * headSize} values, of which the head's are taken
     * @param valueRow finite float32, {@code keyValueHeads * headSize} values, of which the head's are taken
     * @throws IllegalArgumentException when a segment is too short or a number is out of range
     */
    public static void store(
            KeyValueLayout layout,
            MemorySegment page,
            int slot,
            int head,
            MemorySegment keyRow,
            MemorySegment valueRow) {
        if (slot < 0 || slot >= PAGE_POSITIONS) {
            throw new IllegalArgumentException("slot " + slot + " of a page; slots are 0 to " + (PAGE_POSITIONS - 1));
        }
        if (head < 0 || head >= layout.keyValueHeads()) {
            throw new IllegalArgumentException("key/value head " + head + " of a layout of " + layout.keyValueHeads());
        }
        long rowBytes = (long) layout.rowElements() * Float.BYTES;
        requireBytes("the page", page, layout.pageBytes());
        requireBytes("the key row", keyRow, rowBytes);
        requireBytes("the value row", valueRow, rowBytes);
        long headBytes = (long) layout.headSize() * Float.BYTES;
        long key = NativeMemory.address(keyRow, head * headBytes, headBytes);
        long value = NativeMemory.address(valueRow, head * headBytes, headBytes);
        long place = NativeMemory.address(page, layout.headOffset(head), layout.headBytes());
        int elementBytes = layout.type().elementBytes();
        long values = place + (long) slot * layout.headSize() * elementBytes;
        long keys = place + layout.keysOffset() + (long) slot * elementBytes;
        long scales = place + layout.scalesOffset() + (long) slot * Float.BYTES;
        write(layout, value, values, elementBytes, scales);
        write(layout, key, keys, PAGE_POSITIONS * elementBytes, scales + PAGE_POSITIONS * (long) Float.BYTES);
    }

    private static void write(KeyValueLayout layout, long source, long target, int stride, long scale) {
        switch (layout.type()) {
            case F32 -> writeFloats(source, layout.headSize(), target, stride);
            case F16 -> writeHalves(source, layout.headSize(), target, stride);
            case BF16 -> writeBrainFloats(source, layout.headSize(), target, stride);
            case Q8 -> writeBytes(source, layout.headSize(), target, stride, scale);
        }
    }

    private static void writeFloats(long source, int count, long target, int stride) {
        long from = place(source);
        long to = place(target);
        for (int i = 0; i < count; i++) {
            ALL.set(FLOAT, to + (long) i * stride, ALL.get(FLOAT, from + (long) i * Float.BYTES));
        }
    }

    private static void writeHalves(long source, int count, long target, int stride) {
        long from = place(source);
        long to = place(target);
        for (int i = 0; i < count; i++) {
            float value = Math.clamp(ALL.get(FLOAT, from + (long) i * Float.BYTES), -LARGEST_HALF, LARGEST_HALF);
            ALL.set(SHORT, to + (long) i * stride, Float.floatToFloat16(value));
        }
    }

    private static void writeBrainFloats(long source, int count, long target, int stride) {
        long from = place(source);
        long to = place(target);
        for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits(ALL.get(FLOAT, from + (long) i * Float.BYTES));
            int magnitude = bits & Integer.MAX_VALUE;
            int even = (magnitude >>> BRAIN_FLOAT_BITS) & 1;
            int rounded = Math.min((magnitude + BRAIN_FLOAT_HALF + even) >>> BRAIN_FLOAT_BITS, LARGEST_BRAIN_FLOAT);
            int sign = (bits >>> BRAIN_FLOAT_BITS) & Short.MIN_VALUE;
            ALL.set(SHORT, to + (long) i * stride, (short) (sign | rounded));
        }
    }

    private static void writeBytes(long source, int count, long target, int stride, long scale) {
        long from = place(source);
        long to = place(target);
        float magnitude = 0f;
        for (int i = 0; i < count; i++) {
            magnitude = Math.max(magnitude, Math.abs(ALL.get(FLOAT, from + (long) i * Float.BYTES)));
        }
        boolean zero = magnitude < LEAST_MAGNITUDE;
        float inverse = zero ? 0f : LARGEST_QUANT / magnitude;
        ALL.set(FLOAT, place(scale), zero ? 0f : magnitude / LARGEST_QUANT);
        for (int i = 0; i < count; i++) {
            float quant = (float) Math.rint(ALL.get(FLOAT, from + (long) i * Float.BYTES) * inverse);
            byte bounded = (byte) Math.clamp(quant, -LARGEST_QUANT, LARGEST_QUANT);
            ALL.set(ValueLayout.JAVA_BYTE, to + (long) i * stride, bounded);
        }
    }

    private static void requireBytes(String name, MemorySegment segment, long bytes) {
        if (segment.byteSize() < bytes) {
            throw new IllegalArgumentException(
                    name + " has " + segment.byteSize() + " bytes, " + bytes + " are needed");
        }
    }
}
