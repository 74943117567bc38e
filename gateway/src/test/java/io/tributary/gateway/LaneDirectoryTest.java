package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.tributary.proto.log.v1.LaneStatus;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LaneDirectoryTest {
    private static final Duration VALID = Duration.ofSeconds(5);

    private final LaneDirectory directory = new LaneDirectory(2, 2, VALID);

    @Test
    void aSessionGoesToLanesThatHaveAnOwnerInEveryStage() {
        directory.update(0, 0, shard("a").build(), 0);
        directory.update(0, 1, shard("b").build(), 0);
        directory.update(1, 0, shard("a").build(), 0);
        assertThat(directory.lanesFor(10, 0)).containsExactly(0);
    }

    @Test
    void withoutAShardOfAStageItSaysWhichOneIsMissing() {
        directory.update(0, 0, shard("a").build(), 0);
        assertThat(directory.anyLaneServed(0)).isFalse();
        assertThatThrownBy(() -> directory.lanesFor(10, 0))
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE))
                .hasMessageContaining("no shard of stage 1 reports");
    }

    @Test
    void anOwnerThatIsSilentForTooLongIsTakenForLost() {
        served();
        assertThat(directory.anyLaneServed(VALID.toNanos())).isTrue();
        assertThat(directory.anyLaneServed(VALID.toNanos() + 1)).isFalse();
    }

    @Test
    void aFullShardIsBusyAndSaysWhatIsMissing() {
        directory.update(0, 0, shard("a").build(), 0);
        directory.update(0, 1, shard("b").setFreePositions(64).build(), 0);
        assertThat(directory.lanesFor(64, 0)).containsExactly(0);
        assertBusy(() -> directory.lanesFor(65, 0), "stage 1 has keys and values for 64 more positions; 65 are needed");
    }

    @Test
    void whatWasPromisedCountsUntilTheShardReportsAgain() {
        served();
        directory.promise(0, 60, 0);
        assertBusy(() -> directory.lanesFor(50, 0), "40 more positions");
        directory.update(0, 0, shard("a").setFreePositions(40).build(), 1);
        directory.update(0, 1, shard("b").setFreePositions(100).build(), 1);
        assertThat(directory.lanesFor(40, 1)).containsExactly(0);
    }

    @Test
    void aTurnNeedsPositionsButNoFurtherSession() {
        directory.update(0, 0, shard("a").setFreeSessions(0).build(), 0);
        directory.update(0, 1, shard("b").setFreePositions(90).build(), 0);
        assertThat(directory.promiseTurn(0, 91, 0)).isFalse();
        assertThat(directory.promiseTurn(0, 50, 0)).isTrue();
        assertThat(directory.promiseTurn(0, 41, 0)).isFalse();
        assertThat(directory.promiseTurn(1, 1, 0))
                .as("of a lane without owners")
                .isFalse();
        directory.update(0, 1, shard("b").setAcceptsSessions(false).build(), 0);
        assertThat(directory.promiseTurn(0, 1, 0))
                .as("of a shard that is drained")
                .isFalse();
    }

    @Test
    void drainedShardsAndLanesThatHoldTooMuchTakeNoSessions() {
        directory.update(0, 0, shard("a").setAcceptsSessions(false).build(), 0);
        directory.update(0, 1, shard("b").build(), 0);
        assertBusy(() -> directory.lanesFor(1, 0), "stage 0 is being drained");
        directory.update(0, 0, shard("a").setRetainedBytes(2 << 20).build(), 0);
        assertBusy(() -> directory.lanesFor(1, 0), "lane 0 of stage 0 holds 2 MiB");
        directory.update(0, 0, shard("a").setFreeSessions(0).build(), 0);
        assertBusy(() -> directory.lanesFor(1, 0), "as many sessions as it takes");
    }

    private void served() {
        directory.update(0, 0, shard("a").build(), 0);
        directory.update(0, 1, shard("b").build(), 0);
    }

    private static LaneStatus.Builder shard(String id) {
        return LaneStatus.newBuilder()
                .setShardId(id)
                .setAcceptsSessions(true)
                .setFreeSessions(8)
                .setFreePositions(100)
                .setRetainedBytesLimit(1 << 20);
    }

    private static void assertBusy(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED))
                .hasMessageContaining(message);
    }
}
