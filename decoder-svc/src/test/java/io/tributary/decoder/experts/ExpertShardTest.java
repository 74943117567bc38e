package io.tributary.decoder.experts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.decoder.MixtureCheckpoint;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertRows;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.ExpertWork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an expert shard says to routers, and does for them. */
@Timeout(120)
class ExpertShardTest {
    @TempDir
    private Path directory;

    private StandInRouter router = new StandInRouter(0);

    @AfterEach
    void closeRouter() {
        router.close();
    }

    private ShardUnderTest shard(String experts) {
        return new ShardUnderTest(directory, experts, Optional.empty(), router.port());
    }

    @Test
    void aShardAnnouncesWhatItHoldsAndThenSaysThatItLives() {
        try (ShardUnderTest shard = shard("0-1,3")) {
            ExpertShardAnnouncement announcement = router.announcement();

            assertThat(announcement.getShardId()).isEqualTo("shard-1");
            assertThat(announcement.getModelFingerprint()).isEqualTo(shard.fingerprint());
            assertThat(announcement.getFirstLayer()).isZero();
            assertThat(announcement.getEndLayer()).isEqualTo(MixtureCheckpoint.LAYERS);
            assertThat(announcement.getExpertsList()).containsExactly(0, 1, 3);
            assertThat(announcement.getTransport()).isEqualTo(ExpertTransport.EXPERT_TRANSPORT_GRPC);
            ExpertShardMessage heartbeat = router.next(ExpertShardMessage.KindCase.HEARTBEAT);
            assertThat(heartbeat.getHeartbeat().getWaitingRows()).isZero();
            assertThat(shard.shard().attachedRouters()).isEqualTo(1);
        }
    }

    @Test
    void theRowsOfAWorkAreAnsweredTogetherWithTheBitsThatEachHasAlone() {
        try (ShardUnderTest shard = shard("0-3")) {
            router.announcement();
            // More rows than a matrix has.
            ByteString many = ShardUnderTest.rows(3 * ShardUnderTest.MAXIMAL_ROWS + 1, 1);
            ByteString one = ShardUnderTest.rows(1, 2);
            router.send(ExpertWork.newBuilder()
                    .setWorkId(7)
                    .setLayer(1)
                    .addExperts(ExpertRows.newBuilder().setExpert(2).setHiddenStates(many))
                    .addExperts(ExpertRows.newBuilder().setExpert(0).setHiddenStates(one))
                    .build());

            ExpertResult result = router.result();

            assertThat(result.getWorkId()).isEqualTo(7);
            assertThat(result.hasError()).isFalse();
            assertThat(result.getOutputsList()).containsExactly(shard.expected(1, 2, many), shard.expected(1, 0, one));
        }
    }

    @Test
    void workThatCannotBeDoneIsRefusedAndLeavesTheRestAlone() {
        try (ShardUnderTest shard = shard("1")) {
            router.announcement();
            ByteString rows = ShardUnderTest.rows(2, 3);
            ByteString notNumbers = rows.substring(4).concat(ByteString.copyFrom(new byte[] {0, 0, (byte) 0xc0, 0x7f}));

            assertRefused(ShardUnderTest.work(1, 0, 2, rows), Code.NOT_FOUND, "expert 2 of layer 0 is not held");
            assertRefused(ShardUnderTest.work(2, 9, 1, rows), Code.NOT_FOUND, "expert 1 of layer 9 is not held");
            assertRefused(ShardUnderTest.work(3, -1, -1, rows), Code.NOT_FOUND, "expert 4294967295");
            assertRefused(ShardUnderTest.work(4, 0, 1, rows.substring(1)), Code.INVALID_ARGUMENT, "rows of 128 bytes");
            assertRefused(ShardUnderTest.work(5, 0, 1, ByteString.EMPTY), Code.INVALID_ARGUMENT, "0 bytes");
            assertRefused(ShardUnderTest.work(6, 0, 1, notNumbers), Code.INVALID_ARGUMENT, "a NaN or infinity");
            assertRefused(ExpertWork.newBuilder().setWorkId(7).build(), Code.INVALID_ARGUMENT, "names none");
            router.send(ShardUnderTest.work(8, 0, 1, rows));
            assertThat(router.result().getOutputs(0)).isEqualTo(shard.expected(0, 1, rows));
        }
    }

    private void assertRefused(ExpertWork work, Code code, String why) {
        router.send(work);
        ExpertResult result = router.result();
        assertThat(result.getWorkId()).isEqualTo(work.getWorkId());
        assertThat(result.getOutputsList()).isEmpty();
        assertThat(Code.forNumber(result.getError().getCode())).isEqualTo(code);
        assertThat(result.getError().getMessage()).contains(why);
    }

    @Test
    void anOrderToHoldOthersLoadsWhatIsMissingBeforeTheRestGoes() {
        try (ShardUnderTest shard = shard("0-1")) {
            router.announcementOf(0, 1);
            router.hold(1, 3);

            router.announcementOf(0, 1, 3);
            router.announcementOf(1, 3);
            ByteString rows = ShardUnderTest.rows(2, 4);
            router.send(ShardUnderTest.work(1, 1, 3, rows));
            assertThat(router.result().getOutputs(0)).isEqualTo(shard.expected(1, 3, rows));
        }
    }

    @Test
    void anOrderThatCannotBeFollowedLeavesTheShardAsItWas() {
        try (ShardUnderTest shard = shard("0-1")) {
            router.announcementOf(0, 1);
            router.hold(2, 99);

            Status problem =
                    router.next(ExpertShardMessage.KindCase.PLACEMENT_ERROR).getPlacementError();

            assertThat(Code.forNumber(problem.getCode())).isEqualTo(Code.INVALID_ARGUMENT);
            assertThat(problem.getMessage())
                    .contains("expert 99 does not exist")
                    .contains("4");
            assertThat(shard.shard().experts()).hasToString("0-1");
        }
    }

    @Test
    void aShardAttachesAgainToARouterThatHasHungUpOrStartsAgain() {
        try (ShardUnderTest shard = shard("2")) {
            router.announcement();
            router.hangUp();
            router.announcement();

            int port = router.port();
            router.close();
            router = new StandInRouter(port);

            router.announcement();
            ByteString rows = ShardUnderTest.rows(1, 5);
            router.send(ShardUnderTest.work(1, 0, 2, rows));
            assertThat(router.result().getOutputs(0)).isEqualTo(shard.expected(0, 2, rows));
        }
    }

    @Test
    void everyRouterGetsItsOwnAnswersThoughTheirWorksBearTheSameNumbers() {
        try (StandInRouter other = new StandInRouter(0);
                ShardUnderTest shard =
                        new ShardUnderTest(directory, "0-3", Optional.empty(), router.port(), other.port())) {
            router.announcement();
            other.announcement();
            for (int id = 0; id < 50; id++) {
                router.send(ShardUnderTest.work(id, 0, id % 4, ShardUnderTest.rows(3, id)));
                other.send(ShardUnderTest.work(id, 0, id % 4, ShardUnderTest.rows(2, -id)));
            }
            for (int count = 0; count < 50; count++) {
                assertAnswered(shard, router.result(), 3, 1);
                assertAnswered(shard, other.result(), 2, -1);
            }
        }
    }

    private static void assertAnswered(ShardUnderTest shard, ExpertResult result, int rows, int sign) {
        int id = (int) result.getWorkId();
        assertThat(result.getOutputs(0))
                .as("work %d", id)
                .isEqualTo(shard.expected(0, id % 4, ShardUnderTest.rows(rows, (long) sign * id)));
    }

    @Test
    void aDrainedShardOffersNothingAndFollowsNoOrder() throws Exception {
        try (ShardUnderTest shard = shard("0-1")) {
            router.announcementOf(0, 1);

            assertThat(shard.shard().drain(Duration.ofSeconds(30))).isTrue();

            router.announcementOf();
            router.hold(0);
            Status problem =
                    router.next(ExpertShardMessage.KindCase.PLACEMENT_ERROR).getPlacementError();
            assertThat(problem.getMessage()).contains("drained");
        }
    }
}
