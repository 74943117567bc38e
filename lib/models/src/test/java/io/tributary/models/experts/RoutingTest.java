package io.tributary.models.experts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class RoutingTest {
    @Test
    void assignmentsAreGroupedByExpertInTheOrderTheyCame() {
        Routing routing = new Routing(4, 6);
        routing.add(0, 3, 0.1f);
        routing.add(0, 1, 0.2f);
        routing.add(2, 3, 0.3f);
        routing.add(5, 0, 0.4f);
        routing.add(6, 3, 0.5f);
        routing.group();
        assertThat(routing.size()).isEqualTo(5);
        assertThat(routing.count(0)).isEqualTo(1);
        assertThat(routing.count(1)).isEqualTo(1);
        assertThat(routing.count(2)).isZero();
        assertThat(routing.count(3)).isEqualTo(3);
        for (int index = 0; index < 3; index++) {
            assertThat(routing.row(3, index)).isEqualTo(new int[] {0, 2, 6}[index]);
            assertThat(routing.weight(3, index)).isEqualTo(new float[] {0.1f, 0.3f, 0.5f}[index]);
        }
        routing.clear();
        routing.group();
        assertThat(routing.count(3)).isZero();
    }

    @Test
    void anExpertThatIsNotThereAndOneAssignmentTooManyAreRefused() {
        Routing routing = new Routing(2, 1);
        for (int expert : new int[] {-1, 2}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> routing.add(0, expert, 1))
                    .withMessageContaining("expert " + expert)
                    .withMessageContaining("0 to 1");
        }
        routing.add(0, 1, 1);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> routing.add(1, 1, 1))
                .withMessageContaining("room for 1");
    }
}
