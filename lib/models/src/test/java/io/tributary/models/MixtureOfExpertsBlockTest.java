package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.offset;

import io.tributary.checkpoints.StoredTensor;
import io.tributary.models.architecture.ExpertCapacity;
import io.tributary.models.architecture.Gating;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.architecture.ReluFeedForward;
import io.tributary.models.architecture.SharedExpert;
import io.tributary.models.architecture.SwiGlu;
import io.tributary.models.experts.NaiveGating;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixtureOfExpertsBlockTest {
    private static final String LAYER = "model.layers.0.";
    private static final int EXPERTS = 6;
    private static final int WIDTH = 40;
    private static final int HIDDEN = 28;
    private static final Gating TOP_TWO = new Gating.TopKThenSoftmax(2);

    @TempDir
    Path directory;

    private static MixtureOfExperts mixture(Gating gating) {
        return new MixtureOfExperts(EXPERTS, new SwiGlu(HIDDEN, false), gating, Optional.empty());
    }

    private static StoredTensor random(String name, long seed, double spread, long... shape) {
        Random random = new Random(seed);
        int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) (spread * random.nextGaussian());
        }
        return StoredTensor.ofFloats(LAYER + name, Arrays.stream(shape).boxed().toList(), values);
    }

    /** Gate and experts; identical experts if they all have one seed. */
    private static List<StoredTensor> tensors(boolean identical) {
        List<StoredTensor> tensors = new ArrayList<>();
        tensors.add(random("mlp.gate.weight", 1, 0.4, EXPERTS, WIDTH));
        for (int expert = 0; expert < EXPERTS; expert++) {
            String prefix = "mlp.experts." + expert + ".";
            long seed = identical ? 10 : 10 + 3 * expert;
            tensors.add(random(prefix + "gate_proj.weight", seed, 0.15, HIDDEN, WIDTH));
            tensors.add(random(prefix + "up_proj.weight", seed + 1, 0.15, HIDDEN, WIDTH));
            tensors.add(random(prefix + "down_proj.weight", seed + 2, 0.15, WIDTH, HIDDEN));
        }
        return tensors;
    }

    private static float[] rows(long seed, int count) {
        Random random = new Random(seed);
        float[] x = new float[count * WIDTH];
        for (int index = 0; index < x.length; index++) {
            x[index] = (float) random.nextGaussian();
        }
        return x;
    }

    @Test
    void switchWithCapacityEqualsTransformers() {
        try (Golden golden = new Golden("moe_switch_top1")) {
            MixtureOfExperts mixture = new MixtureOfExperts(
                    8,
                    new ReluFeedForward(128, false),
                    new Gating.SwitchTopOne(new ExpertCapacity.Share(1.25)),
                    Optional.empty());
            List<StoredTensor> tensors = golden.weights(name -> LAYER
                    + name.replace("router.classifier", "mlp.gate")
                            .replaceAll("experts.expert_(\\d+).wi", "mlp.experts.$1.up_proj")
                            .replaceAll("experts.expert_(\\d+).wo", "mlp.experts.$1.down_proj"));
            try (TestMixtureBlock block = new TestMixtureBlock(directory, mixture, 64, 2, tensors)) {
                float[] x = golden.inputFloats("hidden_states");
                float[] y = block.run(x, 24, 24);
                assertThat(y).containsExactly(golden.floats("output"), offset(golden.tolerance("output")));
                int[] kept = golden.ids("kept");
                for (int row = 0; row < kept.length; row++) {
                    float[] output = Arrays.copyOfRange(y, row * 64, (row + 1) * 64);
                    assertThat(Arrays.equals(output, new float[64]))
                            .as("row %d", row)
                            .isEqualTo(kept[row] == 0);
                    for (int k = row * 64; k < (row + 1) * 64; k++) {
                        x[k] += y[k];
                    }
                }
                assertThat(x)
                        .containsExactly(golden.floats("residual_output"), offset(golden.tolerance("residual_output")));
            }
        }
    }

    @Test
    void expertChoiceEqualsThePaper() {
        try (Golden golden = new Golden("moe_expert_choice")) {
            MixtureOfExperts mixture = new MixtureOfExperts(
                    8, new SwiGlu(96, false), new Gating.ExpertChoice(new ExpertCapacity.Share(1)), Optional.empty());
            List<StoredTensor> tensors = golden.weights(name -> LAYER + "mlp."
                    + name.replace("w1", "gate_proj").replace("w3", "up_proj").replace("w2", "down_proj"));
            try (TestMixtureBlock block = new TestMixtureBlock(directory, mixture, 64, 2, tensors)) {
                float[] y = block.run(golden.inputFloats("hidden_states"), 32);
                assertThat(y).containsExactly(golden.floats("output"), offset(golden.tolerance("output")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 64, 257})
    void aRowHasTheSameBitsAloneAsInABatch(int count) {
        float[] x = rows(count, count);
        try (TestMixtureBlock one =
                        new TestMixtureBlock(directory.resolve("one"), mixture(TOP_TWO), WIDTH, 1, tensors(false));
                TestMixtureBlock two =
                        new TestMixtureBlock(directory.resolve("two"), mixture(TOP_TWO), WIDTH, 2, tensors(false))) {
            float[] together = two.run(x, count);
            for (int row = 0; row < count; row++) {
                float[] alone = one.run(Arrays.copyOfRange(x, row * WIDTH, (row + 1) * WIDTH), 1);
                assertThat(alone)
                        .as("row %d", row)
                        .containsExactly(Arrays.copyOfRange(together, row * WIDTH, (row + 1) * WIDTH));
            }
        }
    }

    @Test
    void otherSequencesDoNotChangeASequenceThatIsRoutedAsAWhole() {
        for (Gating gating : List.of(
                new Gating.SwitchTopOne(new ExpertCapacity.Share(0.75)),
                new Gating.ExpertChoice(new ExpertCapacity.Share(1.5)))) {
            try (TestMixtureBlock block = new TestMixtureBlock(directory, mixture(gating), WIDTH, 2, tensors(false))) {
                float[] x = rows(3, 60);
                float[] together = block.run(x, 13, 30, 17);
                float[] alone = block.run(Arrays.copyOfRange(x, 13 * WIDTH, 43 * WIDTH), 30);
                assertThat(alone)
                        .as(gating.toString())
                        .containsExactly(Arrays.copyOfRange(together, 13 * WIDTH, 43 * WIDTH));
            }
        }
    }

    @Test
    void identicalExpertsWhoseWeightsAddUpToOneAreOneNetwork() {
        float[] x = rows(8, 20);
        float[] single;
        try (TestMixtureBlock all = new TestMixtureBlock(
                directory.resolve("all"), mixture(new Gating.TopKThenSoftmax(1)), WIDTH, 1, tensors(true))) {
            single = all.run(x, 20);
        }
        for (Gating gating : List.of(TOP_TWO, new Gating.SoftmaxThenTopK(EXPERTS, false))) {
            try (TestMixtureBlock block = new TestMixtureBlock(directory, mixture(gating), WIDTH, 1, tensors(true))) {
                assertThat(block.run(x, 20)).as(gating.toString()).containsExactly(single, offset(1e-6f));
            }
        }
    }

    @Test
    void groupedSigmoidGatingWithSharedExpertEqualsTheNaiveMixture() {
        TestMixture experts = TestMixture.plain(12, 3, 20);
        Gating gating = new Gating.SigmoidTopK(3, true, 4, 2, true, 2.5f);
        MixtureOfExperts mixture = new MixtureOfExperts(
                12, new SwiGlu(20, false), gating, Optional.of(new SharedExpert(new SwiGlu(36, false), true)));
        TestShape shape = TestShape.plain(WIDTH, 4, 2, 10, 20).withMixture(experts.withShared(36));
        TestWeights weights = TestWeights.random(shape, 5);
        StoredTensor correction = random("mlp.gate.e_score_correction_bias", 9, 0.3, 12);
        double[] added = new double[12];
        List<StoredTensor> tensors = new ArrayList<>(List.of(correction));
        for (int expert = 0; expert < 12; expert++) {
            added[expert] = correction.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, expert);
        }
        shape.mixture().orElseThrow().names(WIDTH).keySet().forEach(name -> tensors.add(weights.tensor(LAYER + name)));
        float[] x = rows(4, 50);
        double[][] exact = new double[50][WIDTH];
        for (int index = 0; index < x.length; index++) {
            exact[index / WIDTH][index % WIDTH] = x[index];
        }
        double[][] expected = new NaiveMixture(weights, new NaiveGating(gating, added), LAYER).apply(exact);
        try (TestMixtureBlock block = new TestMixtureBlock(directory, mixture, WIDTH, 2, tensors)) {
            ReferenceTest.assertClose(block.run(x, 50), expected, 1e-5);
        }
    }

    @Test
    void anUngatedSharedExpertIsAddedAsItIs() {
        MixtureOfExperts shared = new MixtureOfExperts(
                EXPERTS,
                new SwiGlu(HIDDEN, false),
                TOP_TWO,
                Optional.of(new SharedExpert(new SwiGlu(HIDDEN, false), false)));
        List<StoredTensor> tensors = tensors(false);
        for (String projection : List.of("gate_proj", "up_proj", "down_proj")) {
            String name = LAYER + "mlp.experts.0." + projection + ".weight";
            StoredTensor same = tensors.stream()
                    .filter(tensor -> tensor.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            tensors.add(new StoredTensor(
                    LAYER + "mlp.shared_expert." + projection + ".weight", same.type(), same.shape(), same.data()));
        }
        float[] x = rows(2, 9);
        float[] with;
        float[] without;
        try (TestMixtureBlock block = new TestMixtureBlock(directory.resolve("with"), shared, WIDTH, 1, tensors);
                TestMixtureBlock plain = new TestMixtureBlock(
                        directory.resolve("without"), mixture(TOP_TWO), WIDTH, 1, tensors(false))) {
            with = block.run(x, 9);
            without = plain.run(x, 9);
        }
        List<StoredTensor> first = new ArrayList<>(tensors.subList(1, 4));
        first.add(StoredTensor.ofFloats(LAYER + "mlp.gate.weight", List.of(1L, (long) WIDTH), new float[WIDTH]));
        MixtureOfExperts one =
                new MixtureOfExperts(1, new SwiGlu(HIDDEN, false), new Gating.TopKThenSoftmax(1), Optional.empty());
        try (TestMixtureBlock block = new TestMixtureBlock(directory.resolve("one"), one, WIDTH, 1, first)) {
            float[] sum = block.run(x, 9);
            for (int index = 0; index < sum.length; index++) {
                sum[index] = without[index] + sum[index];
            }
            assertThat(with).containsExactly(sum);
        }
    }

    @Test
    void aGateThatOverflowsIsNamedWithItsLayer() {
        List<StoredTensor> tensors = tensors(false);
        float[] gate = new float[EXPERTS * WIDTH];
        Arrays.fill(gate, 3e38f);
        tensors.set(
                0,
                StoredTensor.ofFloats(
                        tensors.getFirst().name(), tensors.getFirst().shape(), gate));
        float[] x = new float[2 * WIDTH];
        Arrays.fill(x, WIDTH, 2 * WIDTH, 2f);
        try (TestMixtureBlock block = new TestMixtureBlock(directory, mixture(TOP_TWO), WIDTH, 1, tensors)) {
            assertThatExceptionOfType(NonFiniteActivationException.class)
                    .isThrownBy(() -> block.run(x, 2))
                    .withMessageContaining("layer 0, gate of the mixture of experts")
                    .withMessageContaining("position 1");
        }
    }
}
