package io.tributary.cli;

import com.google.protobuf.ByteString;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The model without any service: what the mesh has to equal. */
public final class WholeModel {
    private WholeModel() {}

    /** The logits behind each token, computed in one pass; float32, little endian. */
    public static List<ByteString> logitRows(Path model, KeyValueType type, int... ids) {
        try (Arena memory = Arena.ofShared()) {
            FloatMatrix logits = SequenceLogits.compute(model, ids, type, memory);
            List<ByteString> rows = new ArrayList<>();
            for (int row = 0; row < logits.rows(); row++) {
                rows.add(ByteString.copyFrom(logits.row(row).asByteBuffer()));
            }
            return rows;
        }
    }
}
