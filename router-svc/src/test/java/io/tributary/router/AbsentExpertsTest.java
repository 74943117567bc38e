package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.tributary.models.experts.Routing;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.proto.router.v1.SequenceFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbsentExpertsTest {
    private static final int LAYER = 2;
    private static final int ABSENT = 3;
    private static final int SEQUENCES = 12;
    private static final ByteString STATES = RouterRig.states(21, SEQUENCES);
    private static final int[] LENGTHS = new int[SEQUENCES];

    static {
        Arrays.fill(LENGTHS, 1);
    }

    @TempDir
    Path directory;

    private RouterRig rig;
    private FakeClient client;
    private FakeShard others;

    @BeforeEach
    void start() {
        rig = new RouterRig(directory);
        client = new FakeClient(rig);
        others = FakeShard.attach(rig, "others", "0-2,4-7");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void send() {
        client.send(1, LAYER, STATES, LENGTHS);
        rig.loop().run();
    }

    /** Lets time pass while the other shard lives. */
    private void pass(Duration time) {
        Duration step = Duration.ofSeconds(1);
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            others.heartbeat(0);
            rig.loop().advance(step);
        }
    }

    /** Sequences, here of one position each, that want the expert that nobody has. */
    private List<Integer> affected() {
        List<Integer> affected = new ArrayList<>();
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            int begin = sequence * TinyMixture.ROW_BYTES;
            Routing routing = rig.experts().routing(LAYER, STATES.substring(begin, begin + TinyMixture.ROW_BYTES));
            if (routing.count(ABSENT) > 0) {
                affected.add(sequence);
            }
        }
        return affected;
    }

    private void assertOnlyAffectedFail() {
        RouteResponse answer = client.answer();
        assertThat(affected()).isNotEmpty().hasSizeLessThan(SEQUENCES);
        assertThat(answer.hasError()).isFalse();
        assertThat(answer.getFailuresList().stream()
                        .map(SequenceFailure::getSequence)
                        .toList())
                .containsExactlyElementsOf(affected());
        assertThat(answer.getFailuresList()).allSatisfy(failure -> {
            assertThat(failure.getError().getCode()).isEqualTo(Code.UNAVAILABLE_VALUE);
            assertThat(failure.getError().getMessage()).contains("layer 2, expert 3");
        });
        ByteString expected = rig.experts().expected(LAYER, STATES, LENGTHS);
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            int begin = sequence * TinyMixture.ROW_BYTES;
            int end = begin + TinyMixture.ROW_BYTES;
            if (!affected().contains(sequence)) {
                assertThat(answer.getHiddenStates().substring(begin, end)).isEqualTo(expected.substring(begin, end));
            }
        }
    }

    @Test
    void anExpertThatComesBackInTimeSavesTheSequences() {
        send();
        pass(RouterRig.ABSENCE_TIMEOUT.minusSeconds(1));
        assertThat(client.answers()).isEmpty();
        FakeShard.attach(rig, "late", "3");
        assertThat(client.answer().getFailuresList()).isEmpty();
        assertThat(client.answer().getHiddenStates()).isEqualTo(rig.experts().expected(LAYER, STATES, LENGTHS));
    }

    @Test
    void anExpertThatStaysAwayFailsTheSequencesThatWantItAndNoOthers() {
        send();
        pass(RouterRig.ABSENCE_TIMEOUT);
        assertOnlyAffectedFail();
    }

    @Test
    void anExpertThatHasBeenAwayForLongIsNotWaitedFor() {
        pass(RouterRig.ABSENCE_TIMEOUT);
        send();
        assertOnlyAffectedFail();
    }

    @Test
    void theWaitBeginsWhenTheLastReplicaIsLost() {
        FakeShard holder = FakeShard.attach(rig, "holder", "3");
        for (int second = 0; second < RouterRig.ABSENCE_TIMEOUT.toSeconds(); second++) {
            holder.heartbeat(0);
            pass(Duration.ofSeconds(1));
        }
        holder.die();
        send();
        assertThat(client.answers()).isEmpty();
        pass(RouterRig.ABSENCE_TIMEOUT.dividedBy(2));
        FakeShard.attach(rig, "holder", "3");
        assertThat(client.answer().getFailuresList()).isEmpty();
    }

    @Test
    void aShardThatLoadsTheExpertSavesTheSequencesToo() {
        send();
        others.announce("0-7");
        assertThat(client.answer().getFailuresList()).isEmpty();
    }

    @Test
    void theDirectoryKnowsWhatIsMissing() {
        ShardDirectory.Standing standing = rig.router().directory().standing();
        assertThat(standing.shards()).isEqualTo(1);
        assertThat(standing.absentExperts()).isEqualTo(2);
        assertThat(standing.absences()).map(Object::toString).containsExactly("layer 0: 3", "layer 2: 3");
    }
}
