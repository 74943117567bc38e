package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.proto.router.v1.AttachedShard;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.proto.router.v1.ExpertTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachmentsTest {
    @TempDir
    Path directory;

    private RouterRig rig;

    @BeforeEach
    void start() {
        rig = new RouterRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void assertRefused(ExpertShardAnnouncement.Builder announcement, Code code, String... words) {
        FakeShard shard = new FakeShard(rig, "bad");
        shard.announce(announcement.build());
        assertEnded(shard, code, words);
        assertThat(rig.router().describe().getShardsList()).isEmpty();
    }

    private static void assertEnded(FakeShard shard, Code code, String... words) {
        Status end = Objects.requireNonNull(shard.ended());
        assertThat(end.getCode()).isEqualTo(code.getNumber());
        assertThat(end.getMessage()).contains(words);
    }

    private ExpertShardAnnouncement.Builder announcement() {
        return new FakeShard(rig, "bad").announcement("0-3");
    }

    @Test
    void announcementsOfWhatTheModelDoesNotHaveAreRefused() {
        assertRefused(announcement().addExperts(8), Code.INVALID_ARGUMENT, "experts", "8", "0 to 7");
        assertRefused(announcement().addExperts(-1), Code.INVALID_ARGUMENT, "experts", "4294967295");
        assertRefused(announcement().setEndLayer(4), Code.INVALID_ARGUMENT, "end_layer", "0 to 3");
        assertRefused(announcement().setFirstLayer(3), Code.INVALID_ARGUMENT, "first_layer");
        assertRefused(announcement().setShardId(" "), Code.INVALID_ARGUMENT, "shard_id");
        assertRefused(
                announcement().setModelFingerprint("another"), Code.FAILED_PRECONDITION, "another", "the same model");
        assertRefused(
                announcement().setTransport(ExpertTransport.EXPERT_TRANSPORT_KAFKA),
                Code.FAILED_PRECONDITION,
                "tributary.experts.transport");
    }

    @Test
    void theFirstMessageIsAnAnnouncement() {
        FakeShard shard = new FakeShard(rig, "hasty");
        shard.heartbeat(3);
        assertEnded(shard, Code.INVALID_ARGUMENT, "announcement");
    }

    @Test
    void aMessageWithoutAKnownKindEndsTheCall() {
        FakeShard shard = FakeShard.attach(rig, "one", "0-7");
        shard.tell(ExpertShardMessage.getDefaultInstance());
        assertEnded(shard, Code.INVALID_ARGUMENT, "kind");
        assertThat(rig.router().describe().getShardsList()).isEmpty();
    }

    @Test
    void aShardIsWelcomedWithTheHeartbeatThatIsAsked() {
        FakeShard shard = FakeShard.attach(rig, "one", "0-7");
        assertThat(shard.commands()).hasSize(1);
        assertThat(shard.commands().getFirst().getWelcome().getHeartbeatIntervalMs())
                .isEqualTo(500);
    }

    @Test
    void aShardMayChangeItsExpertsButNotItsNameOrLayers() {
        FakeShard shard = FakeShard.attach(rig, "one", "0-3");
        shard.announce("2-5");
        assertThat(rig.router().describe().getShards(0).getAnnouncement().getExpertsList())
                .containsExactly(2, 3, 4, 5);
        shard.announce(shard.announcement("2-5").setEndLayer(2).build());
        assertEnded(shard, Code.INVALID_ARGUMENT, "only the experts");
    }

    @Test
    void aShardThatFallsSilentIsGivenUpAndItsWorkGoesToOthers() {
        FakeShard silent = FakeShard.attach(rig, "silent", "0-7").keepingWork();
        FakeShard other = FakeShard.attach(rig, "other", "0-7");
        other.heartbeat(1_000);
        FakeClient client = new FakeClient(rig);
        ByteString states = RouterRig.states(2, 9);
        client.send(1, 0, states, 9);
        rig.loop().run();
        for (int beat = 0; beat < 5; beat++) {
            other.heartbeat(1_000);
            rig.loop().advance(RouterRig.SILENCE_TIMEOUT.dividedBy(5));
        }
        assertEnded(silent, Code.UNAVAILABLE, "3000 ms");
        assertThat(client.answer().getHiddenStates()).isEqualTo(rig.experts().expected(0, states, 9));
        assertThat(rig.router().describe().getShardsList())
                .map(shard -> shard.getAnnouncement().getShardId())
                .containsExactly("other");
    }

    @Test
    void aShardThatAttachesAgainReplacesItsFormerCall() {
        FakeShard former = FakeShard.attach(rig, "one", "0-3");
        FakeShard restarted = FakeShard.attach(rig, "one", "0-7");
        assertEnded(former, Code.ABORTED, "one");
        assertThat(restarted.ended()).isNull();
        former.die();
        assertThat(rig.router().describe().getShardsCount()).isEqualTo(1);
        assertThat(rig.router().directory().standing().absences()).isEmpty();
    }

    @Test
    void theDescriptionTellsOfQueuesAndHeartbeats() {
        FakeShard shard = FakeShard.attach(rig, "one", "0-7").keepingWork();
        shard.heartbeat(17);
        FakeClient client = new FakeClient(rig);
        client.send(1, 0, RouterRig.states(2, 9), 9);
        rig.loop().advance(Duration.ofMillis(250));
        AttachedShard described = rig.router().describe().getShards(0);
        assertThat(described.getWaitingRows()).isEqualTo(17);
        assertThat(described.getRowsUnderWay()).isEqualTo(2 * 9);
        assertThat(described.getMillisecondsSinceHeartbeat()).isEqualTo(250);
        assertThat(rig.router().describe().getExperts()).isEqualTo(TinyMixture.EXPERTS);
    }
}
