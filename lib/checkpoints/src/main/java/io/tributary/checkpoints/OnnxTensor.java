package io.tributary.checkpoints;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An initialiser, or the value of a constant.
 *
 * @param type of the elements, as ONNX numbers them
 * @param shape the extents, outermost first
 * @param data the elements, little endian
 * @param offset of the data in the file
 */
record OnnxTensor(String name, int type, List<Long> shape, MemorySegment data, long offset) {
    static final int FLOAT = 1;
    static final int INT64 = 7;
    private static final int FLOAT16 = 10;
    private static final int BFLOAT16 = 16;
    private static final int MAXIMAL_RANK = 8;

    /** Reads a TensorProto. */
    static OnnxTensor read(OnnxCursor fields) {
        String name = "";
        int type = 0;
        List<Long> shape = new ArrayList<>();
        @Nullable MemorySegment data = null;
        long offset = 0;
        for (int field = fields.next(); field != 0; field = fields.next()) {
            switch (field) {
                case 1 -> readShape(fields, shape);
                case 2 -> type = (int) fields.integer();
                case 8 -> name = fields.text();
                // Floats and raw bytes lie alike.
                case 4, 9 -> {
                    if (data != null) {
                        throw fields.malformed("the tensor '" + name + "' has its data twice");
                    }
                    data = fields.bytes();
                    offset = fields.offset();
                }
                case 14 -> {
                    if (fields.integer() != 0) {
                        throw fields.malformed(
                                "the tensor '" + name + "' is in another file; export the model as one file");
                    }
                }
                default -> {}
            }
        }
        return new OnnxTensor(
                name, type, List.copyOf(shape), data == null ? MemorySegment.NULL.asReadOnly() : data, offset);
    }

    private static void readShape(OnnxCursor fields, List<Long> shape) {
        if (fields.isInteger()) {
            addExtent(fields, shape, fields.integer());
            return;
        }
        OnnxCursor packed = fields.message();
        while (!packed.atEnd()) {
            addExtent(fields, shape, packed.packedInteger());
        }
    }

    private static void addExtent(OnnxCursor fields, List<Long> shape, long extent) {
        if (extent < 0 || shape.size() == MAXIMAL_RANK) {
            throw fields.malformed("a tensor has the extents " + shape + " and then " + extent + "; allowed are up to "
                    + MAXIMAL_RANK + " that are not negative");
        }
        shape.add(extent);
    }

    /** The type, if weights may have it; null otherwise. */
    @Nullable
    TensorType tensorType() {
        return switch (type) {
            case FLOAT -> TensorType.F32;
            case FLOAT16 -> TensorType.F16;
            case BFLOAT16 -> TensorType.BF16;
            default -> null;
        };
    }
}
