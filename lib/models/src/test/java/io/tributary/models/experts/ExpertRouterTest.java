package io.tributary.models.experts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.ExpertCapacity;
import io.tributary.models.architecture.Gating;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpertRouterTest {
    private static final int SEEDS = 150;

    /** A gating with logits for one sequence. */
    private static final class Example {
        private final Gating gating;
        private final int experts;
        private final float[] correction;
        private final FloatMatrix logits;

        private Example(Gating gating, int experts, float[] correction, FloatMatrix logits) {
            this.gating = gating;
            this.experts = experts;
            this.correction = correction;
            this.logits = logits;
        }

        static Example random(long seed, boolean ties) {
            Random random = new Random(seed);
            int groups = 1 + random.nextInt(4);
            int experts = groups * (2 + random.nextInt(16));
            int tokens = 1 + random.nextInt(40);
            int chosenGroups = 1 + random.nextInt(groups);
            int chosen = 1 + random.nextInt(Math.min(8, experts / groups * chosenGroups));
            boolean renormalized = random.nextBoolean();
            boolean corrected = !ties && random.nextBoolean();
            ExpertCapacity capacity = random.nextBoolean()
                    ? new ExpertCapacity.Fixed(random.nextInt(tokens + 2))
                    : new ExpertCapacity.Share(0.5 + 2 * random.nextDouble());
            Gating gating =
                    switch (random.nextInt(5)) {
                        case 0 -> new Gating.SoftmaxThenTopK(chosen, renormalized);
                        case 1 -> new Gating.TopKThenSoftmax(chosen);
                        case 2 -> new Gating.SigmoidTopK(chosen, corrected, groups, chosenGroups, renormalized, 2.5f);
                        case 3 -> new Gating.SwitchTopOne(capacity);
                        default -> new Gating.ExpertChoice(capacity);
                    };
            float[] correction = new float[gating instanceof Gating.SigmoidTopK && corrected ? experts : 0];
            for (int expert = 0; expert < correction.length; expert++) {
                correction[expert] = (float) (0.2 * random.nextGaussian());
            }
            FloatMatrix logits = FloatMatrix.allocate(Arena.ofAuto(), tokens, experts);
            for (int token = 0; token < tokens; token++) {
                for (int expert = 0; expert < experts; expert++) {
                    double value = 2 * random.nextGaussian();
                    logits.set(token, expert, (float) (ties ? Math.round(value) : value));
                }
            }
            return new Example(gating, experts, correction, logits);
        }

        float[][] route(int first, int end) {
            ExpertRouter router = ExpertRouter.of(gating, experts, correction, logits.rows());
            Routing routing = new Routing(experts, gating.mostPerToken(experts) * logits.rows());
            router.route(logits, first, end, routing);
            routing.group();
            float[][] weights = new float[logits.rows()][experts];
            int assigned = 0;
            for (int token = 0; token < logits.rows(); token++) {
                Arrays.fill(weights[token], Float.NaN);
            }
            for (int expert = 0; expert < experts; expert++) {
                for (int index = 0; index < routing.count(expert); index++) {
                    weights[routing.row(expert, index)][expert] = routing.weight(expert, index);
                    assigned++;
                }
            }
            assertThat(assigned).isEqualTo(routing.size());
            return weights;
        }

        double[][] expected() {
            double[][] exact = new double[logits.rows()][experts];
            for (int token = 0; token < logits.rows(); token++) {
                for (int expert = 0; expert < experts; expert++) {
                    exact[token][expert] = logits.get(token, expert);
                }
            }
            double[] added = new double[correction.length];
            for (int expert = 0; expert < added.length; expert++) {
                added[expert] = correction[expert];
            }
            return new NaiveGating(gating, added).weights(exact);
        }
    }

    @Test
    void everyGatingChoosesAndWeighsAsTheNaiveOne() {
        for (long seed = 0; seed < SEEDS; seed++) {
            check(Example.random(seed, false), "seed " + seed);
        }
    }

    @Test
    void ofEqualCandidatesTheOneWithTheLowerIndexIsChosen() {
        for (long seed = 0; seed < SEEDS; seed++) {
            check(Example.random(seed, true), "with ties, seed " + seed);
        }
    }

    private static void check(Example example, String name) {
        float[][] weights = example.route(0, example.logits.rows());
        double[][] expected = example.expected();
        for (int token = 0; token < weights.length; token++) {
            for (int expert = 0; expert < weights[token].length; expert++) {
                String what = name + ", " + example.gating + ", token " + token + ", expert " + expert;
                double wanted = expected[token][expert];
                assertThat(Float.isNaN(weights[token][expert])).as(what).isEqualTo(Double.isNaN(wanted));
                if (!Double.isNaN(wanted)) {
                    assertThat((double) weights[token][expert]).as(what).isCloseTo(wanted, within(2e-6));
                }
            }
        }
    }

    @Test
    void aTokenIsRoutedAloneAsAmongOthers() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Example example = Example.random(seed, seed % 2 == 0);
            if (!example.gating.routesWholeSequences()) {
                float[][] together = example.route(0, example.logits.rows());
                int token = (int) (seed % together.length);
                assertThat(example.route(token, token + 1)[token])
                        .as("seed %d", seed)
                        .isEqualTo(together[token]);
            }
        }
    }

    @Test
    void topKThenSoftmaxIsTheRenormalisedSoftmaxThenTopK() {
        List<Example> examples = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Example example = Example.random(seed, false);
            if (example.gating instanceof Gating.TopKThenSoftmax gating) {
                examples.add(example);
                Gating other = new Gating.SoftmaxThenTopK(gating.chosen(), true);
                Example same = new Example(other, example.experts, example.correction, example.logits);
                int tokens = example.logits.rows();
                assertThat(Arrays.deepEquals(same.route(0, tokens), example.route(0, tokens)))
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
        assertThat(examples).isNotEmpty();
    }

    @Test
    void capacityIsCountedPerSequenceAndRoundedDown() {
        assertThat(new ExpertCapacity.Share(1.25).of(64, 8)).isEqualTo(10);
        assertThat(new ExpertCapacity.Share(1.25).of(24, 8)).isEqualTo(3);
        assertThat(new ExpertCapacity.Share(1).of(7, 8)).isZero();
        FloatMatrix logits = FloatMatrix.allocate(Arena.ofAuto(), 7, 2);
        for (int row = 0; row < 7; row++) {
            logits.set(row, 1, 1);
        }
        ExpertRouter router = ExpertRouter.of(new Gating.SwitchTopOne(new ExpertCapacity.Fixed(2)), 2, new float[0], 7);
        Routing routing = new Routing(2, 7);
        router.route(logits, 0, 4, routing);
        router.route(logits, 4, 7, routing);
        routing.group();
        assertThat(routing.count(0)).isZero();
        assertThat(new int[] {routing.row(1, 0), routing.row(1, 1), routing.row(1, 2), routing.row(1, 3)})
                .containsExactly(0, 1, 4, 5);
        assertThat(routing.count(1)).isEqualTo(4);
    }

    @Test
    void anExpertOfAClosedGroupIsNotChosenEvenWhenAllOpenOnesScoreLess() {
        FloatMatrix logits = FloatMatrix.allocate(Arena.ofAuto(), 1, 4);
        // The first group has the best expert, the second one the better pair.
        float[] values = {3, -9, 1, 1};
        for (int expert = 0; expert < 4; expert++) {
            logits.set(0, expert, values[expert]);
        }
        Gating gating = new Gating.SigmoidTopK(2, true, 2, 1, false, 1);
        Routing routing = new Routing(4, 2);
        ExpertRouter.of(gating, 4, new float[] {-0.5f, -0.5f, -0.7f, -0.7f}, 1).route(logits, 0, 1, routing);
        routing.group();
        assertThat(List.of(routing.count(0), routing.count(1), routing.count(2), routing.count(3)))
                .containsExactly(0, 0, 1, 1);
        assertThat(routing.weight(3, 0)).isCloseTo(0.7310586f, within(1e-6f));
    }

    @Test
    void aWarmRouterAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (long seed = 0; seed < 40; seed++) {
            Example example = Example.random(seed, false);
            int rows = example.logits.rows();
            ExpertRouter router = ExpertRouter.of(example.gating, example.experts, example.correction, rows);
            Routing routing = new Routing(example.experts, example.gating.mostPerToken(example.experts) * rows);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                routing.clear();
                router.route(example.logits, 0, rows, routing);
                routing.group();
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).as("seed %d, %s", seed, example.gating).isZero();
        }
    }
}
