package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import io.tributary.proto.router.v1.PlaceExpertsResponse;
import io.tributary.proto.router.v1.ShardPlacement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementsTest {
    private static final class Answer implements Placements.Reply {
        private @Nullable PlaceExpertsResponse response;
        private @Nullable Status failure;

        @Override
        public void placed(PlaceExpertsResponse placed) {
            response = placed;
        }

        @Override
        public void failed(Status reason) {
            failure = reason;
        }

        boolean isOpen() {
            return response == null && failure == null;
        }
    }

    @TempDir
    Path directory;

    private RouterRig rig;
    private FakeShard one;
    private FakeShard two;

    @BeforeEach
    void start() {
        rig = new RouterRig(directory);
        one = FakeShard.attach(rig, "one", "0-3");
        two = FakeShard.attach(rig, "two", "4-7");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static PlaceExpertsRequest.Builder request(String... shardsAndExperts) {
        PlaceExpertsRequest.Builder request = PlaceExpertsRequest.newBuilder();
        for (int index = 0; index < shardsAndExperts.length; index += 2) {
            ExpertSet experts = ExpertSet.parse(shardsAndExperts[index + 1]);
            request.addShards(ShardPlacement.newBuilder()
                    .setShardId(shardsAndExperts[index])
                    .addAllExperts(() -> experts.indices().iterator()));
        }
        return request;
    }

    private Answer place(PlaceExpertsRequest.Builder request) {
        Answer answer = new Answer();
        rig.placements().place(request.build(), answer);
        rig.loop().run();
        return answer;
    }

    private static void assertFailed(Answer answer, Code code, String... words) {
        Status failure = Objects.requireNonNull(answer.failure);
        assertThat(failure.getCode()).isEqualTo(code.getNumber());
        assertThat(List.of(words))
                .allSatisfy(word -> assertThat(failure.getMessage()).contains(word));
    }

    @Test
    void everyShardLoadsWhatItGainsBeforeAnyDropsWhatItLoses() {
        Answer answer = place(request("one", "0,1,4,5", "two", "2,3,6,7"));
        assertThat(one.held()).containsExactly(ExpertSet.parse("0-5"));
        assertThat(two.held()).containsExactly(ExpertSet.parse("2-7"));
        one.announce("0-5");
        assertThat(one.held()).hasSize(1);
        two.announce("2-7");
        assertThat(one.held()).last().isEqualTo(ExpertSet.parse("0,1,4,5"));
        assertThat(two.held()).last().isEqualTo(ExpertSet.parse("2,3,6,7"));
        one.announce("0,1,4,5");
        assertThat(answer.isOpen()).isTrue();
        two.announce("2,3,6,7");
        assertThat(Objects.requireNonNull(answer.response).getShardsList())
                .map(ExpertShardAnnouncement::getExpertsList)
                .map(experts -> experts.stream().map(Object::toString).reduce("", String::concat))
                .containsExactly("0145", "2367");
    }

    @Test
    void requestsAreAnsweredWithTheSameBitsWhileExpertsMove() {
        ByteString states = RouterRig.states(31, 40);
        ByteString expected = rig.experts().expected(0, states, 40);
        FakeClient client = new FakeClient(rig);
        Answer answer = place(request("one", "4-7", "two", "0-3"));
        String[][] announcements = {{"0-7", "4-7"}, {"0-7", "0-7"}, {"4-7", "0-7"}, {"4-7", "0-3"}};
        for (int step = 0; step < announcements.length; step++) {
            one.announce(announcements[step][0]);
            two.announce(announcements[step][1]);
            client.send(step, 0, states, 40);
            rig.loop().run();
            assertThat(client.answers()).hasSize(step + 1);
            assertThat(client.answers().getLast().getFailuresList()).isEmpty();
            assertThat(client.answers().getLast().getHiddenStates()).isEqualTo(expected);
        }
        assertThat(answer.response).isNotNull();
    }

    @Test
    void workThatIsRefusedSinceItsExpertHasMovedGoesToItsNewShard() {
        FakeClient client = new FakeClient(rig);
        ByteString states = RouterRig.states(31, 40);
        one.keepingWork();
        client.send(1, 0, states, 40);
        rig.loop().run();
        place(request("one", "", "two", "0-7"));
        two.announce("0-7");
        one.announce("");
        one.fail(Code.NOT_FOUND, "not held any more");
        assertThat(client.answer().getHiddenStates()).isEqualTo(rig.experts().expected(0, states, 40));
    }

    @Test
    void aShardThatAttachesAnewIsAskedForItsPlaceAgain() {
        place(request("one", "0-5"));
        one.announce("0-5");
        one.die();
        FakeShard again = FakeShard.attach(rig, "one", "0-3");
        assertThat(again.held()).containsExactly(ExpertSet.parse("0-5"));
    }

    @Test
    void aPlacementThatChangesNothingIsAnsweredAtOnce() {
        assertThat(place(request("one", "0-3")).response).isNotNull();
        assertThat(one.held()).isEmpty();
    }

    @Test
    void aShardThatCannotLoadFailsThePlacementAndTheOthersGoBack() {
        Answer answer = place(request("one", "4-7", "two", "0-3"));
        one.announce("0-7");
        two.refusePlacement(Code.RESOURCE_EXHAUSTED, "no memory");
        assertFailed(answer, Code.RESOURCE_EXHAUSTED, "shard two", "no memory");
        assertThat(one.held()).last().isEqualTo(ExpertSet.parse("0-3"));
        one.die();
        assertThat(FakeShard.attach(rig, "one", "0-3").held()).isEmpty();
    }

    @Test
    void aShardThatIsLostFailsThePlacement() {
        Answer answer = place(request("one", "4-7", "two", "0-3"));
        one.die();
        assertFailed(answer, Code.UNAVAILABLE, "shard one");
        assertThat(two.held()).last().isEqualTo(ExpertSet.parse("4-7"));
    }

    @Test
    void aPlacementHasADeadline() {
        Answer answer = place(request("one", "0-7").setDeadlineMs(1_000));
        rig.loop().advance(Duration.ofMillis(999));
        assertThat(answer.isOpen()).isTrue();
        rig.loop().advance(Duration.ofMillis(1));
        assertFailed(answer, Code.DEADLINE_EXCEEDED);
        assertThat(one.held()).last().isEqualTo(ExpertSet.parse("0-3"));
    }

    @Test
    void onePlacementRunsAtATime() {
        place(request("one", "0-7"));
        assertFailed(place(request("two", "0-7")), Code.ABORTED);
    }

    @Test
    void whatCannotBePlacedIsRefusedAndNothingMoves() {
        assertFailed(place(request("one", "0-8")), Code.INVALID_ARGUMENT, "8", "0 to 7");
        assertFailed(place(request("three", "0")), Code.NOT_FOUND, "three");
        assertFailed(place(request("one", "0-2")), Code.INVALID_ARGUMENT, "experts 3 of layer 0");
        assertFailed(place(request("one", "0-3", "one", "0-4")), Code.INVALID_ARGUMENT, "more than once");
        assertFailed(
                place(request("one", "0-3").setDeadlineMs(3_600_001)), Code.INVALID_ARGUMENT, "deadline_ms", "3600000");
        assertThat(one.held()).isEmpty();
    }
}
