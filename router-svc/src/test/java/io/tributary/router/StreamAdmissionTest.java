package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.tributary.models.architecture.Gating;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamAdmissionTest {
    private static final int STREAM_ROWS = 10;
    private static final int ALL_ROWS = 24;
    private static final int REQUEST_ROWS = 4;

    @TempDir
    Path directory;

    private RouterRig rig;
    private FakeShard shard;

    @BeforeEach
    void start() {
        rig = new RouterRig(directory, new Gating.TopKThenSoftmax(2), RouterRig.limits(STREAM_ROWS, ALL_ROWS));
        shard = FakeShard.attach(rig, "all", "0-7").keepingWork();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private FakeClient client(int requests) {
        FakeClient client = new FakeClient(rig);
        for (int request = 0; request < requests; request++) {
            client.send(request, 0, RouterRig.states(request, REQUEST_ROWS));
        }
        rig.loop().advance(RouterRig.WINDOW);
        return client;
    }

    @Test
    void aStreamIsAskedForMoreOnlyWhileItHasRoom() {
        FakeClient client = client(10);
        assertThat(client.unsent()).isEqualTo(10 - 3);
        assertThat(rig.router().rowsUnderWay()).isEqualTo(3 * REQUEST_ROWS);
        shard.answer();
        rig.loop().advance(RouterRig.WINDOW);
        assertThat(client.answers()).hasSize(3);
        assertThat(client.unsent()).isEqualTo(10 - 6);
    }

    @Test
    void allStreamsTogetherHaveABound() {
        List<FakeClient> clients = List.of(client(10), client(10), client(10), client(10));
        assertThat(rig.router().rowsUnderWay())
                .isGreaterThanOrEqualTo(ALL_ROWS)
                .isLessThan(ALL_ROWS + (long) clients.size() * REQUEST_ROWS);
        for (int round = 0; round < 40; round++) {
            shard.answer();
            rig.loop().advance(RouterRig.WINDOW);
        }
        assertThat(clients).allSatisfy(client -> assertThat(client.answers()).hasSize(10));
        assertThat(rig.router().rowsUnderWay()).isZero();
    }

    @Test
    void aClientThatTakesNoAnswersIsAskedForNothing() {
        FakeClient client = client(10);
        client.stopReading();
        shard.answer();
        rig.loop().advance(RouterRig.WINDOW);
        assertThat(client.answers()).isEmpty();
        assertThat(client.unsent()).isEqualTo(10 - 3);
        assertThat(rig.router().rowsUnderWay()).isEqualTo(3 * REQUEST_ROWS);
        client.goOnReading();
        assertThat(client.answers()).hasSize(3);
        assertThat(client.unsent()).isLessThan(10 - 3);
    }

    @Test
    void aClientThatTakesNoRefusalsIsAskedForNothingEither() {
        FakeClient client = new FakeClient(rig);
        client.stopReading();
        for (int request = 0; request < 10; request++) {
            client.send(request, 99, RouterRig.states(1, 1));
        }
        rig.loop().run();
        assertThat(client.unsent()).isEqualTo(9);
        client.goOnReading();
        assertThat(client.answers()).hasSize(10);
    }

    @Test
    void aRefusalThatIsTakenTogetherWithAnAnswerFreesTheRowsOfTheAnswer() {
        FakeClient client = client(1);
        client.stopReading();
        shard.answer();
        assertThat(rig.router().rowsUnderWay()).isEqualTo(REQUEST_ROWS);
        client.readOnSilently();
        client.send(2, 99, RouterRig.states(1, 1));
        rig.loop().run();
        assertThat(client.answers()).hasSize(2);
        assertThat(rig.router().rowsUnderWay()).isZero();
    }

    @Test
    void aStreamThatIsCancelledGivesItsRoomToOthers() {
        FakeClient one = client(10);
        FakeClient two = client(10);
        FakeClient three = client(10);
        int before = three.unsent();
        one.cancel();
        two.cancel();
        assertThat(three.unsent()).isLessThan(before);
    }

    @Test
    void aStreamEndsWhenItsLastAnswerIsTaken() {
        FakeClient client = client(2);
        client.halfClose();
        assertThat(client.ended()).isFalse();
        shard.answer();
        assertThat(client.answers()).hasSize(2);
        assertThat(client.ended()).isTrue();
    }

    @Test
    void aRouterThatShutsDownSaysSo() {
        FakeClient client = client(1);
        rig.router().close(Problems.unavailable("shutting down"));
        assertThat(Objects.requireNonNull(client.failure()).getCode()).isEqualTo(Code.UNAVAILABLE_VALUE);
        assertThat(shard.ended()).isNotNull();
        assertThat(client.answers()).isEmpty();
    }
}
