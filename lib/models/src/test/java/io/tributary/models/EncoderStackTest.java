package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.Gelu;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.EncoderArchitecture;
import io.tributary.models.architecture.EncoderArchitecture.Mask;
import io.tributary.models.architecture.EncoderArchitecture.Placement;
import io.tributary.models.architecture.GeluFeedForward;
import io.tributary.models.architecture.LayerNormalization;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.weights.EncoderNaming;
import io.tributary.models.weights.WeightLoader;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderStackTest {
    private static final int WIDTH = 48;
    private static final long SEED = 5;
    /** The names of timm's blocks, which project to queries, keys and values by one matrix. */
    private static final EncoderNaming TIMM = new EncoderNaming(
            "encoder.", "attn.qkv.", "attn.qkv.", "attn.qkv.", "attn.proj", "norm1", "mlp.fc1", "mlp.fc2", "norm2");

    private final Golden golden = new Golden("meta_transformer");
    private final HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(golden.directory());
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void close() {
        arena.close();
        checkpoint.close();
        golden.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "audio", "time_series", "tabular", "text"})
    void blocksWithOneProjectionToQueriesKeysAndValuesGiveWhatTimmGives(String kind) {
        String features = "features." + kind;
        float[] tokens = golden.floats("tokens." + kind);
        try (WorkPool pool = new WorkPool(2)) {
            float[] hidden = run(stack(Mask.NONE, pool), tokens, tokens.length / WIDTH);

            assertThat(hidden).containsExactly(golden.floats(features), offset(golden.tolerance(features)));
        }
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void aSequenceOfManyPagesHasTheSameBitsAloneAndInCompanyOnAnyThreads(Mask mask) {
        int[] lengths = {1, 63, 64, 65, 130, 257, 3, 128, 89};
        float[] rows = random(Arrays.stream(lengths).sum());
        try (WorkPool one = new WorkPool(1);
                WorkPool three = new WorkPool(3)) {
            float[] together = run(stack(mask, three), rows, lengths);
            EncoderStack alone = stack(mask, one);
            int first = 0;
            for (int length : lengths) {
                assertThat(run(alone, part(rows, first, length), length))
                        .as("%s, %d rows, seed %d", mask, length, SEED)
                        .isEqualTo(part(together, first, length));
                first += length;
            }
        }
    }

    @Test
    void onlyWithoutAMaskDoesAPositionSeeWhatFollows() {
        float[] rows = random(70);
        float[] changed = rows.clone();
        changed[changed.length - 1] += 1;
        try (WorkPool pool = new WorkPool(1)) {
            EncoderStack causal = stack(Mask.CAUSAL, pool);
            EncoderStack bidirectional = stack(Mask.NONE, pool);

            assertThat(part(run(causal, rows, 70), 0, 69)).isEqualTo(part(run(causal, changed, 70), 0, 69));
            assertThat(part(run(bidirectional, rows, 70), 0, 1))
                    .isNotEqualTo(part(run(bidirectional, changed, 70), 0, 1));
        }
    }

    private EncoderStack stack(Mask mask, WorkPool pool) {
        EncoderArchitecture architecture = new EncoderArchitecture(
                WIDTH,
                2,
                4,
                mask,
                true,
                new GeluFeedForward(4 * WIDTH, Gelu.EXACT, true),
                new LayerNormalization(1e-5f),
                Placement.BEFORE);
        WeightLoader loader =
                new WeightLoader(checkpoint, arena, PackingCache.off().open(checkpoint, "encoder", arena, pool));
        return new EncoderStack(architecture, TIMM, loader, arena, pool, new EncoderLimits(800, 9));
    }

    private static float[] run(EncoderStack stack, float[] input, int... lengths) {
        FloatMatrix rows = stack.rows(input.length / WIDTH);
        for (int index = 0; index < input.length; index++) {
            rows.set(index / WIDTH, index % WIDTH, input[index]);
        }
        stack.run(lengths, (layers, hidden) -> {});
        return rows.data().asSlice(0, (long) input.length * Float.BYTES).toArray(ValueLayout.JAVA_FLOAT);
    }

    private static float[] random(int rows) {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] values = new float[rows * WIDTH];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] part(float[] rows, int first, int count) {
        return Arrays.copyOfRange(rows, first * WIDTH, (first + count) * WIDTH);
    }
}
