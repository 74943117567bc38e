package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.proto.log.v1.TokenRecord;
import io.tributary.proto.log.v1.Writer;
import org.junit.jupiter.api.Test;

class EpochFenceTest {
    private final EpochFence fence = new EpochFence();

    @Test
    void recordsOfAShardThatWasReplacedDoNotCount() {
        assertThat(fence.admits(0, from(1, 5))).isTrue();
        assertThat(fence.admits(0, from(1, 6))).isTrue();
        assertThat(fence.admits(0, from(1, 5))).isFalse();
        assertThat(fence.admits(0, from(1, 6))).isTrue();
    }

    @Test
    void epochsOfOtherStagesAndLanesAreOfNoConcern() {
        assertThat(fence.admits(0, from(1, 6))).isTrue();
        assertThat(fence.admits(0, from(0, 2))).isTrue();
        assertThat(fence.admits(3, from(1, 2))).isTrue();
    }

    @Test
    void recordsOfGatewaysAlwaysCount() {
        assertThat(fence.admits(0, from(1, 6))).isTrue();
        assertThat(fence.admits(0, TokenRecord.getDefaultInstance())).isTrue();
    }

    private static TokenRecord from(int stage, long epoch) {
        return TokenRecord.newBuilder()
                .setWriter(Writer.newBuilder().setStage(stage).setEpoch(epoch))
                .build();
    }
}
