package io.tributary.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.bench.WrongUsageException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    @Test
    void numbersOfSequencesAreSortedAndOnce() {
        Workload workload = new Workload(3, 5, List.of(4, 1, 4), 1);
        assertThat(workload.parallel()).containsExactly(1, 4);
        assertThat(workload.mostSequences()).isEqualTo(4);
    }

    @Test
    void sequencesTogetherHaveAPromptAndAGenerationOfTheirOwn() {
        assertThat(new Workload(3, 5, List.of(2), 1).longestSequence()).isEqualTo(40);
        assertThat(new Workload(512, 128, List.of(2), 1).longestSequence()).isEqualTo(512);
        assertThat(new Workload(3, 5, List.of(), 1).longestSequence()).isEqualTo(5);
    }

    @Test
    void whatCannotBeMeasuredIsRefusedWithItsOption() {
        assertThatThrownBy(() -> new Workload(1, 1, List.of(1, 0), 1))
                .isInstanceOf(WrongUsageException.class)
                .hasMessageContaining("--parallel 0");
        assertThatThrownBy(() -> new Workload(1, -1, List.of(), 1)).hasMessageContaining("--generate -1");
        assertThatThrownBy(() -> new Workload(1, 1, List.of(), 4000)).hasMessageContaining("--threads 4000");
    }
}
