package io.tributary.bench.synthetic;

import io.tributary.kernels.WorkPool;
import java.nio.file.Path;

/** Models small enough for a test. */
public final class TinyModel {
    /** Rows of 256, the largest block of any format. */
    static final ModelShape DENSE = new ModelShape("tiny", 2, 256, 4, 2, 512, 300, 128, ModelShape.Experts.NONE);

    static final ModelShape ROUTED =
            new ModelShape("tiny-moe", 2, 256, 4, 2, 512, 300, 128, new ModelShape.Experts(4, 2));

    private TinyModel() {}

    /** Writes a model of 2 layers, width 256, 300 tokens and a context of 128 positions in Q8_0. */
    public static Path dense(Path directory) {
        return write(DENSE, WeightFormat.Q8_0, directory);
    }

    /** As {@link #dense}, with 4 experts a layer of which a token uses 2. */
    public static Path routed(Path directory) {
        return write(ROUTED, WeightFormat.Q8_0, directory);
    }

    static Path write(ModelShape shape, WeightFormat format, Path directory) {
        Path file = directory.resolve(shape.name() + "-" + format + ".gguf");
        try (WorkPool pool = new WorkPool(2)) {
            new SyntheticModel(shape, format, 1).write(file, pool);
        }
        return file;
    }
}
