package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.tributary.models.architecture.Gating;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertWork;
import io.tributary.proto.router.v1.RouteResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatchTest {
    private static final ByteString STATES = RouterRig.states(11, 12);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private RouterRig rig;
    private FakeClient client;

    @BeforeEach
    void start() {
        rig = new RouterRig(directory);
        client = new FakeClient(rig);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void send() {
        client.send(1, 2, STATES, 5, 7);
        rig.loop().run();
    }

    private void assertAnswered() {
        assertThat(client.answer().hasError()).isFalse();
        assertThat(client.answer().getFailuresList()).isEmpty();
        assertThat(client.answer().getHiddenStates()).isEqualTo(rig.experts().expected(2, STATES, 5, 7));
    }

    private void assertFailed(Code code, String... words) {
        RouteResponse answer = client.answer();
        assertThat(answer.getFailuresList()).hasSize(2).allSatisfy(failure -> {
            assertThat(failure.getError().getCode()).isEqualTo(code.getNumber());
            assertThat(failure.getError().getMessage()).contains(words);
        });
    }

    /** A shard with all experts that gets the next work, and one that has so long a queue that it does not. */
    private List<FakeShard> replicas() {
        FakeShard first = FakeShard.attach(rig, "first", "0-7").keepingWork();
        FakeShard second = FakeShard.attach(rig, "second", "0-7").keepingWork();
        second.heartbeat(1_000);
        return List.of(first, second);
    }

    @Test
    void aReplicaThatDiesIsReplacedByAnotherAndTheBitsAreTheSame() {
        List<FakeShard> replicas = replicas();
        send();
        assertThat(replicas.getFirst().work()).isNotEmpty();
        assertThat(replicas.getLast().work()).isEmpty();
        replicas.getFirst().die();
        replicas.getLast().answer();
        assertAnswered();
    }

    @Test
    void aReplicaThatFailsIsReplacedByAnotherAtOnce() {
        List<FakeShard> replicas = replicas();
        send();
        replicas.getFirst().fail(Code.INTERNAL, "out of luck");
        replicas.getLast().answer();
        assertAnswered();
        assertThat(rig.count("retries")).isPositive();
    }

    @Test
    void theOnlyReplicaIsAskedAgainAfterAPause() {
        FakeShard only = FakeShard.attach(rig, "only", "0-7").keepingWork();
        send();
        only.fail(Code.RESOURCE_EXHAUSTED, "full");
        assertThat(only.work()).isEmpty();
        rig.loop().advance(LONGEST_PAUSE);
        only.answer();
        assertAnswered();
    }

    @Test
    void attemptsHaveALimit() {
        FakeShard only = FakeShard.attach(rig, "only", "0-7").keepingWork();
        send();
        for (int attempt = 0; attempt < RouterRig.ATTEMPTS; attempt++) {
            assertThat(client.answers()).isEmpty();
            assertThat(only.work()).isNotEmpty();
            only.fail(Code.INTERNAL, "out of luck");
            rig.loop().advance(LONGEST_PAUSE);
        }
        assertFailed(Code.INTERNAL, "layer 2, expert ", "shard only", "out of luck");
        assertThat(only.work()).isEmpty();
    }

    @Test
    void anAnswerOfAnotherShapeIsNone() {
        List<FakeShard> replicas = replicas();
        send();
        ExpertWork work = replicas.getFirst().work().removeFirst();
        ExpertResult right = rig.experts().answer(work);
        replicas.getFirst()
                .result(right.toBuilder()
                        .setOutputs(0, right.getOutputs(0).substring(1))
                        .build());
        replicas.getLast().answer();
        replicas.getFirst().answer();
        assertAnswered();
    }

    @Test
    void answersThatNobodyWaitsForAreIgnored() {
        List<FakeShard> replicas = replicas();
        send();
        ExpertWork work = replicas.getFirst().work().getFirst();
        replicas.getFirst().answer();
        assertAnswered();
        replicas.getFirst().result(rig.experts().answer(work));
        replicas.getLast().result(ExpertResult.newBuilder().setWorkId(4711).build());
        assertAnswered();
    }

    @Test
    void theReplicaWithTheShorterQueueIsAsked() {
        FakeShard one = FakeShard.attach(rig, "one", "0-7").keepingWork();
        FakeShard two = FakeShard.attach(rig, "two", "0-7").keepingWork();
        client.send(1, 0, RouterRig.states(1, 40));
        rig.loop().run();
        assertThat(one.rows()).isPositive();
        assertThat(two.rows()).isPositive();
        int largestPortion = 40;
        assertThat(Math.abs(one.rows() - two.rows())).isLessThanOrEqualTo(largestPortion);
    }

    @Test
    void aStragglerIsHedgedAndTheFirstAnswerCounts() {
        List<FakeShard> replicas = replicas();
        answerUsualWorks(replicas.getFirst());
        send();
        assertThat(replicas.getLast().work()).isEmpty();
        rig.loop().advance(RouterRig.HEDGE_DELAY);
        assertThat(replicas.getLast().work()).isNotEmpty();
        assertThat(rig.count("hedges")).isPositive();
        replicas.getLast().answer();
        assertAnswered();
        assertThat(replicas.getFirst().cancelled()).isNotEmpty();
        assertThat(replicas.getFirst().work()).isEmpty();
    }

    @Test
    void aHedgedStragglerMayStillBeTheFirst() {
        List<FakeShard> replicas = replicas();
        answerUsualWorks(replicas.getFirst());
        send();
        rig.loop().advance(RouterRig.HEDGE_DELAY);
        replicas.getFirst().answer();
        assertAnswered();
        assertThat(replicas.getLast().cancelled()).isNotEmpty();
        assertThat(replicas.getLast().work()).isEmpty();
    }

    @Test
    void whenMostWorksAreLateFewAreHedged() {
        List<FakeShard> replicas = replicas();
        answerUsualWorks(replicas.getFirst());
        int late = 40;
        for (int work = 0; work < late; work++) {
            client.send(200 + work, 2, STATES, 12);
            rig.loop().run();
        }
        rig.loop().advance(RouterRig.HEDGE_DELAY.multipliedBy(10));
        assertThat(replicas.getLast().work()).hasSizeBetween(5, late / 2);
    }

    @Test
    void withoutAnotherReplicaThereIsNoHedge() {
        FakeShard only = FakeShard.attach(rig, "only", "0-7").keepingWork();
        answerUsualWorks(only);
        send();
        int given = only.work().size();
        rig.loop().advance(RouterRig.HEDGE_DELAY.multipliedBy(10));
        assertThat(only.work()).hasSize(given);
        assertThat(rig.count("hedges")).isZero();
    }

    @Test
    void aShardThatIsSlowerThanUsualByLittleIsNoStraggler() {
        List<FakeShard> replicas = replicas();
        for (int work = 0; work < 10; work++) {
            client.send(100 + work, 2, STATES, 12);
            rig.loop().run();
            rig.loop().advance(RouterRig.HEDGE_DELAY);
            replicas.getFirst().answer();
        }
        client.answers().clear();
        send();
        rig.loop().advance(RouterRig.HEDGE_DELAY.multipliedBy(3));
        assertThat(replicas.getLast().work()).isEmpty();
        rig.loop().advance(RouterRig.HEDGE_DELAY);
        assertThat(replicas.getLast().work()).isNotEmpty();
    }

    private void answerUsualWorks(FakeShard shard) {
        for (int work = 0; work < 10; work++) {
            client.send(100 + work, 2, STATES, 12);
            rig.loop().run();
            shard.answer();
        }
        client.answers().clear();
    }

    @Test
    void aShardThatLivesButDoesNotAnswerIsGivenUpForItsWork() {
        FakeShard only = FakeShard.attach(rig, "only", "0-7").keepingWork();
        send();
        beat(only, RouterRig.WORK_TIMEOUT);
        assertThat(only.cancelled()).isNotEmpty();
        rig.loop().advance(LONGEST_PAUSE);
        only.answer();
        assertAnswered();
    }

    @Test
    void aRequestThatTakesTooLongFailsAndItsWorkIsCancelled() {
        Duration timeout = RouterRig.WORK_TIMEOUT.dividedBy(2);
        rig.close();
        rig = new RouterRig(directory, new Gating.TopKThenSoftmax(2), RouterRig.limits(timeout));
        client = new FakeClient(rig);
        FakeShard shard = FakeShard.attach(rig, "only", "0-7").keepingWork();
        send();
        beat(shard, timeout);
        assertFailed(Code.DEADLINE_EXCEEDED, "layer 2", "5000 ms");
        assertThat(shard.cancelled()).isNotEmpty();
        assertThat(shard.work()).isEmpty();
        assertThat(rig.router().rowsUnderWay()).isZero();
    }

    private void beat(FakeShard shard, Duration time) {
        Duration step = Duration.ofSeconds(1);
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            shard.heartbeat(0);
            rig.loop().advance(step);
        }
    }

    @Test
    void cancellingAStreamCancelsItsWorkAtShards() {
        FakeShard shard = FakeShard.attach(rig, "only", "0-7").keepingWork();
        send();
        List<Long> ids = shard.work().stream().map(ExpertWork::getWorkId).toList();
        client.cancel();
        assertThat(shard.cancelled()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(rig.router().rowsUnderWay()).isZero();
        assertThat(rig.router().describe().getShards(0).getRowsUnderWay()).isZero();
    }

    @Test
    void workThatAnotherStreamWaitsForGoesOnWhenOneIsCancelled() {
        FakeShard shard = FakeShard.attach(rig, "only", "0-7").keepingWork();
        FakeClient other = new FakeClient(rig);
        other.send(1, 2, STATES, 12);
        send();
        client.cancel();
        assertThat(shard.cancelled()).isEmpty();
        shard.answer();
        assertThat(other.answer().getHiddenStates()).isEqualTo(rig.experts().expected(2, STATES, 12));
        assertThat(client.answers()).isEmpty();
    }

    @Test
    void nothingIsLeftToWaitForWhenAllIsAnswered() {
        FakeShard shard = FakeShard.attach(rig, "only", "0-7").keepingWork();
        send();
        shard.answer();
        assertAnswered();
        int listeningToTheShard = 1;
        assertThat(rig.loop().waiting()).isEqualTo(listeningToTheShard);
        assertThat(rig.router().rowsUnderWay()).isZero();
    }
}
