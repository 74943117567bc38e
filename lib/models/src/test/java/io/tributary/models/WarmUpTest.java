package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.experts.ExpertStatistics;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmUpTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    @ParameterizedTest
    @CsvSource({"llama, 0, 1", "llama, 1, 2", "mixtral, 0, 1"})
    void everyKindOfStageWarmsUpAndLeavesNothingBehind(String model, int index, int count) {
        assertThat(passes(model, index, count, SHORT, 1 << 20)).isPositive();
    }

    @Test
    void noTimeMeansNoForwardPass() {
        assertThat(passes("llama", 0, 1, Duration.ZERO, 1 << 20)).isZero();
    }

    @Test
    void aBudgetForOneShortSequenceEndsTheWarmUpEarly() {
        assertThat(passes("llama", 0, 1, SHORT, 24_576)).as("one sequence").isOne();
    }

    private static int passes(String model, int index, int count, Duration limit, long keyValueBytes) {
        try (Golden golden = new Golden(model);
                Checkpoint checkpoint = Checkpoint.open(golden.directory());
                WorkPool pool = new WorkPool(2)) {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            StageRange range = StageRange.of(index, count, architecture.layers().size());
            KeyValueBudget budget = new KeyValueBudget(keyValueBytes, KeyValueType.F16);
            try (DecoderStage stage = DecoderStage.load(checkpoint, architecture, range, pool, budget)) {
                KeyValueUse before = stage.keyValueUse();

                int passes = WarmUp.run(stage, limit);

                assertThat(stage.keyValueUse()).isEqualTo(before);
                ExpertStatistics statistics = stage.expertStatistics();
                assertThat(statistics.layers())
                        .allSatisfy(layer ->
                                assertThat(statistics.load(layer).positions()).isZero());
                return passes;
            }
        }
    }
}
