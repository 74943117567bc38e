package io.tributary.models.vision;

import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.Patches;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.ImageTransformer;
import io.tributary.models.weights.Projection;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From pixels to the rows that the layers read: class token and patches, each with its position. */
final class PatchEmbedding {
    private final ImageTransformer architecture;
    private final WorkPool pool;
    private final Projection projection;
    private final MemorySegment classEmbedding;
    private final MemorySegment positions;
    private final FloatMatrix planes;
    private final FloatMatrix patches;
    private final FloatMatrix embedded;

    PatchEmbedding(
            ImageTransformer architecture,
            ImageNaming naming,
            WeightLoader loader,
            Arena arena,
            WorkPool pool,
            int maximalImages) {
        this.architecture = architecture;
        this.pool = pool;
        int width = architecture.layers().width();
        int patch = architecture.patchSize();
        int channels = architecture.channels();
        @Nullable
        MemorySegment bias =
                naming.kernelBias().map(name -> loader.floats(name, width)).orElse(null);
        projection = new Projection(loader.kernel(naming.kernel(), width, channels, patch), bias);
        long rows = architecture.positions();
        classEmbedding = naming.batched()
                ? loader.floats(naming.classEmbedding(), 1, 1, width)
                : loader.floats(naming.classEmbedding(), width);
        positions = naming.batched()
                ? loader.floats(naming.positions(), 1, rows, width)
                : loader.floats(naming.positions(), rows, width);
        planes = FloatMatrix.allocate(arena, channels * architecture.imageSize(), architecture.imageSize());
        patches = FloatMatrix.allocate(arena, maximalImages * architecture.patches(), channels * patch * patch);
        embedded = FloatMatrix.allocate(arena, maximalImages * architecture.patches(), width);
    }

    /**
     * Embeds images.
     *
     * @param images pixel values of each, [channels, size, size]
     * @param rows [images * positions, width], which is written
     */
    void embed(List<float[]> images, FloatMatrix rows) {
        int count = architecture.patches();
        for (int image = 0; image < images.size(); image++) {
            unfold(images.get(image), patches.rows(image * count, count));
        }
        FloatMatrix result = embedded.rows(0, images.size() * count);
        projection.apply(patches.rows(0, images.size() * count), result, pool);
        for (int image = 0; image < images.size(); image++) {
            int first = image * architecture.positions();
            add(classEmbedding, 0, rows, first);
            for (int patch = 0; patch < count; patch++) {
                add(result.row(image * count + patch), 1 + patch, rows, first + 1 + patch);
            }
        }
    }

    private void unfold(float[] image, FloatMatrix rows) {
        long values = (long) planes.rows() * planes.columns();
        if (image.length != values) {
            throw new IllegalArgumentException(image.length + " pixel values where the model reads "
                    + architecture.channels() + " x " + architecture.imageSize() + " x " + architecture.imageSize()
                    + ": images of other sizes have to be resized before");
        }
        MemorySegment.copy(image, 0, planes.data(), ValueLayout.JAVA_FLOAT, 0, image.length);
        Patches.unfold(planes, architecture.channels(), architecture.patchSize(), rows);
    }

    private void add(MemorySegment embedding, int position, FloatMatrix rows, int row) {
        MemorySegment target = rows.row(row);
        long first = (long) position * rows.columns();
        for (int column = 0; column < rows.columns(); column++) {
            float sum = embedding.getAtIndex(ValueLayout.JAVA_FLOAT, column)
                    + positions.getAtIndex(ValueLayout.JAVA_FLOAT, first + column);
            target.setAtIndex(ValueLayout.JAVA_FLOAT, column, sum);
        }
    }
}
