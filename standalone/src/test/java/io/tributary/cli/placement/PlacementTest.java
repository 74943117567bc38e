package io.tributary.cli.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.models.experts.ExpertSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
    @Test
    void setsAreWrittenWithSlashesBetweenThem() {
        Placement placement = Placement.parse("0-3/2,4-7", 8);

        assertThat(placement.shards()).containsExactly(ExpertSet.parse("0-3"), ExpertSet.parse("2,4-7"));
        assertThat(placement.replicas(2)).isEqualTo(2);
        assertThat(placement.slots()).isEqualTo(5);
        assertThat(placement).hasToString("0-3/2,4-7");
    }

    @Test
    void anExpertThatIsOnNoShardIsNamed() {
        assertThatThrownBy(() -> Placement.parse("0-3/5-6", 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no shard holds experts 4,7; each of the 8 experts must be on one");
    }

    @Test
    void anExpertThatTheModelDoesNotHaveIsNamed() {
        assertThatThrownBy(() -> Placement.parse("0-3/4-8", 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no expert 8; the model's experts are 0-7");
    }

    @Test
    void anEvenPlacementDiffersByAtMostOneExpert() {
        assertThat(Placement.even(8, 3)).hasToString("0-1/2-4/5-7");
        assertThat(Placement.even(2, 3)).hasToString("0/0/1");
        assertThatThrownBy(() -> Placement.even(2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 experts cannot be spread over 0 shards");
    }

    @Test
    void shardsKeepWhatTheyHoldIfTheSameSetsAreWanted() {
        Placement placement = Placement.parse("0-3/4-7/2,6", 8);

        assertThat(placement.matchedTo(
                        List.of(ExpertSet.parse("6"), ExpertSet.parse("0,1,2,3"), ExpertSet.parse("4,5,7"))))
                .hasToString("2,6/0-3/4-7");
    }
}
