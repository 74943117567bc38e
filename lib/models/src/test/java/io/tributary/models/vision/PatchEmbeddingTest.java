package io.tributary.models.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.Golden;
import io.tributary.models.architecture.ClipArchitecture;
import io.tributary.models.architecture.ImageTransformer;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PatchEmbeddingTest {
    private static final int IMAGES = 3;

    @Test
    void classTokenPatchesAndPositionsAreThoseOfTransformers() {
        String tensor = "vision.embeddings.output";
        try (Golden golden = new Golden("clip");
                Arena arena = Arena.ofShared();
                WorkPool pool = new WorkPool(2);
                HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(golden.directory())) {
            ImageTransformer architecture = ClipArchitecture.read(checkpoint).vision();
            WeightLoader loader =
                    new WeightLoader(checkpoint, arena, PackingCache.off().open(checkpoint, "images", arena, pool));
            PatchEmbedding embedding =
                    new PatchEmbedding(architecture, ImageNaming.clip(""), loader, arena, pool, IMAGES);
            FloatMatrix rows = FloatMatrix.allocate(
                    arena,
                    IMAGES * architecture.positions(),
                    architecture.layers().width());
            float[] all = golden.inputFloats("pixel_values");
            int size = all.length / IMAGES;
            List<float[]> images = IntStream.range(0, IMAGES)
                    .mapToObj(image -> Arrays.copyOfRange(all, image * size, (image + 1) * size))
                    .toList();
            embedding.embed(images, rows);
            assertThat(rows.data().toArray(ValueLayout.JAVA_FLOAT))
                    .containsExactly(golden.floats(tensor), offset(golden.tolerance(tensor)));
        }
    }
}
