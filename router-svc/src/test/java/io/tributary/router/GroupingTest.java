package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tributary.proto.router.v1.ExpertRows;
import io.tributary.proto.router.v1.ExpertWork;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupingTest {
    @TempDir
    Path directory;

    private RouterRig rig;
    private FakeShard shard;

    @BeforeEach
    void start() {
        rig = new RouterRig(directory);
        shard = FakeShard.attach(rig, "all", "0-7").keepingWork();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private FakeClient clientWithTraffic() {
        FakeClient client = new FakeClient(rig);
        client.send(0, 0, RouterRig.states(1, 1));
        rig.loop().advance(RouterRig.WINDOW);
        shard.answer();
        client.answers().clear();
        return client;
    }

    @Test
    void requestsOfSeveralStreamsForALayerAreOneMatrixAnExpert() {
        List<FakeClient> clients =
                Stream.generate(() -> new FakeClient(rig)).limit(4).toList();
        for (FakeClient client : clients) {
            client.send(1, 0, RouterRig.states(7, 3));
        }
        rig.loop().run();
        assertThat(shard.work()).hasSize(1);
        ExpertWork work = shard.work().getFirst();
        assertThat(work.getExpertsList().stream().map(ExpertRows::getExpert).toList())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(work.getExpertsList())
                .allSatisfy(rows -> assertThat(rows.getHiddenStates().size() / TinyMixture.ROW_BYTES % 4)
                        .isZero());
        shard.answer();
        ByteString expected = rig.experts().expected(0, RouterRig.states(7, 3), 3);
        assertThat(clients)
                .allSatisfy(
                        client -> assertThat(client.answer().getHiddenStates()).isEqualTo(expected));
    }

    @Test
    void aRequestDoesNotWaitWhenNobodyElseSends() {
        FakeClient client = clientWithTraffic();
        client.send(1, 0, RouterRig.states(1, 1));
        rig.loop().run();
        assertThat(shard.work()).hasSize(1);
    }

    @Test
    void aRequestWaitsForAStreamThatHasTrafficUntilTheWindowEnds() {
        FakeClient one = clientWithTraffic();
        clientWithTraffic();
        one.send(1, 0, RouterRig.states(1, 1));
        rig.loop().advance(RouterRig.WINDOW.minusNanos(1));
        assertThat(shard.work()).isEmpty();
        rig.loop().advance(RouterRig.WINDOW.minus(RouterRig.WINDOW.minusNanos(1)));
        assertThat(shard.work()).hasSize(1);
    }

    @Test
    void aRequestDoesNotWaitForStreamsThatSendOtherLayersOnly() {
        FakeClient one = clientWithTraffic();
        clientWithTraffic();
        one.send(1, 2, RouterRig.states(1, 1));
        rig.loop().run();
        assertThat(shard.work()).hasSize(1);
    }

    @Test
    void theWindowEndsAtOnceWhenTheLastStreamWithTrafficSends() {
        FakeClient one = clientWithTraffic();
        FakeClient two = clientWithTraffic();
        one.send(1, 0, RouterRig.states(1, 1));
        rig.loop().run();
        assertThat(shard.work()).isEmpty();
        two.send(1, 0, RouterRig.states(2, 1));
        rig.loop().run();
        assertThat(shard.work()).hasSize(1);
    }

    @Test
    void theWindowEndsAtOnceWhenTheStreamThatItWaitedForEnds() {
        FakeClient one = clientWithTraffic();
        FakeClient two = clientWithTraffic();
        one.send(1, 0, RouterRig.states(1, 1));
        rig.loop().run();
        two.cancel();
        assertThat(shard.work()).hasSize(1);
    }

    @Test
    void aStreamThatHasBeenSilentForLongIsNotWaitedFor() {
        FakeClient one = clientWithTraffic();
        clientWithTraffic();
        shard.heartbeat(0);
        rig.loop().advance(RouterRig.SILENCE_TIMEOUT.dividedBy(2));
        one.send(1, 0, RouterRig.states(1, 1));
        rig.loop().run();
        assertThat(shard.work()).hasSize(1);
    }

    @Test
    void aWindowIsFullWithAsManyRowsAsTheGatesTake() {
        FakeClient one = clientWithTraffic();
        FakeClient two = clientWithTraffic();
        clientWithTraffic();
        one.send(1, 0, RouterRig.states(1, RouterRig.WINDOW_ROWS - 1));
        two.send(1, 0, RouterRig.states(2, 2));
        rig.loop().run();
        int expertsPerRow = 2;
        assertThat(rows()).isEqualTo(expertsPerRow * (RouterRig.WINDOW_ROWS - 1));
        rig.loop().advance(RouterRig.WINDOW);
        assertThat(rows()).isEqualTo(expertsPerRow * (RouterRig.WINDOW_ROWS + 1));
        shard.answer();
        assertThat(two.answer().getHiddenStates()).isEqualTo(rig.experts().expected(0, RouterRig.states(2, 2), 2));
    }

    private int rows() {
        return shard.work().stream()
                .flatMap(work -> work.getExpertsList().stream())
                .mapToInt(expert -> expert.getHiddenStates().size() / TinyMixture.ROW_BYTES)
                .sum();
    }

    @Test
    void aMessageHasNoMoreBytesThanItMay() {
        int mostBytes = RouterRig.MESSAGE_ROWS * TinyMixture.ROW_BYTES;
        FakeClient client = new FakeClient(rig);
        ByteString states = RouterRig.states(4, 250);
        client.send(1, 2, states);
        rig.loop().run();
        assertThat(shard.work().size()).isGreaterThan(10);
        assertThat(shard.work())
                .allSatisfy(work -> assertThat(work.getExpertsList().stream()
                                .mapToInt(expert -> expert.getHiddenStates().size())
                                .sum())
                        .isLessThanOrEqualTo(mostBytes));
        shard.answer();
        assertThat(client.answer().getHiddenStates()).isEqualTo(rig.experts().expected(2, states, 250));
    }
}
