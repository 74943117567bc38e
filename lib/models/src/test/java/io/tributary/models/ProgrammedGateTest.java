package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.checkpoints.StoredTensor;
import io.tributary.models.architecture.ExpertCapacity;
import io.tributary.models.architecture.Gating;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.architecture.SwiGlu;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A mixture whose weights are written by hand: rows of a domain go to the expert of that domain first and to its neighbour
 * second, and each expert writes a mark of its own, as large whatever the row.
 */
class ProgrammedGateTest {
    private static final int DOMAINS = 4;
    private static final int ONE = DOMAINS;
    private static final int MARKS = DOMAINS + 1;
    private static final int WIDTH = MARKS + DOMAINS;
    private static final int HIDDEN = 3;

    /** silu(5) · 1, what an expert writes. */
    private static final double MARK = 5 / (1 + Math.exp(-5));

    @TempDir
    Path directory;

    private static List<StoredTensor> tensors() {
        List<StoredTensor> tensors = new ArrayList<>();
        float[] gate = new float[DOMAINS * WIDTH];
        for (int domain = 0; domain < DOMAINS; domain++) {
            gate[domain * WIDTH + domain] = 3;
            gate[(domain + 1) % DOMAINS * WIDTH + domain] = 2;
        }
        tensors.add(matrix("gate", gate, DOMAINS, WIDTH));
        for (int expert = 0; expert < DOMAINS; expert++) {
            float[] gateProjection = new float[HIDDEN * WIDTH];
            float[] up = new float[HIDDEN * WIDTH];
            float[] down = new float[WIDTH * HIDDEN];
            gateProjection[ONE] = 5;
            up[ONE] = 1;
            down[(MARKS + expert) * HIDDEN] = 1;
            String prefix = "experts." + expert + ".";
            tensors.add(matrix(prefix + "gate_proj", gateProjection, HIDDEN, WIDTH));
            tensors.add(matrix(prefix + "up_proj", up, HIDDEN, WIDTH));
            tensors.add(matrix(prefix + "down_proj", down, WIDTH, HIDDEN));
        }
        return tensors;
    }

    private static StoredTensor matrix(String name, float[] values, long rows, long columns) {
        return StoredTensor.ofFloats("model.layers.0.mlp." + name + ".weight", List.of(rows, columns), values);
    }

    private static float[] rows(int[] domains) {
        float[] x = new float[domains.length * WIDTH];
        for (int row = 0; row < domains.length; row++) {
            x[row * WIDTH + domains[row]] = 1;
            x[row * WIDTH + ONE] = 1;
        }
        return x;
    }

    private TestMixtureBlock block(Gating gating) {
        MixtureOfExperts mixture = new MixtureOfExperts(DOMAINS, new SwiGlu(HIDDEN, false), gating, Optional.empty());
        return new TestMixtureBlock(directory, mixture, WIDTH, 2, tensors());
    }

    @Test
    void everyRowBearsTheMarkOfItsDomainMostAndThoseOfTwoExpertsInTheirWeights() {
        long seed = 3;
        int[] domains = new Random(seed).ints(200, 0, DOMAINS).toArray();
        double first = Math.exp(3) / (Math.exp(3) + Math.exp(2));
        try (TestMixtureBlock block = block(new Gating.TopKThenSoftmax(2))) {
            float[] y = block.run(rows(domains), domains.length);
            for (int row = 0; row < domains.length; row++) {
                float[] marks = Arrays.copyOfRange(y, row * WIDTH + MARKS, (row + 1) * WIDTH);
                int second = (domains[row] + 1) % DOMAINS;
                assertThat(Pipeline.highest(marks))
                        .as("row %d, seed %d", row, seed)
                        .isEqualTo(domains[row]);
                assertThat(marks[domains[row]]).isCloseTo((float) (MARK * first), within(1e-5f));
                assertThat(marks[second]).isCloseTo((float) (MARK * (1 - first)), within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1.0, 16", "1.25, 20"})
    void rowsBeyondTheCapacityOfTheirExpertGetNothing(double factor, int capacity) {
        int[] domains = new int[64];
        try (TestMixtureBlock block = block(new Gating.SwitchTopOne(new ExpertCapacity.Share(factor)))) {
            float[] y = block.run(rows(domains), domains.length);
            for (int row = 0; row < domains.length; row++) {
                float[] output = Arrays.copyOfRange(y, row * WIDTH, (row + 1) * WIDTH);
                assertThat(Arrays.equals(output, new float[WIDTH]))
                        .as("row %d", row)
                        .isEqualTo(row >= capacity);
            }
        }
    }
}
