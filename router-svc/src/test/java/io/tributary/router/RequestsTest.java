package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestsTest {
    private static final ByteString STATES = RouterRig.states(1, 6);

    @TempDir
    Path directory;

    private RouterRig rig;
    private FakeClient client;

    @BeforeEach
    void start() {
        rig = new RouterRig(directory);
        FakeShard.attach(rig, "all", "0-7");
        client = new FakeClient(rig);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private RouteResponse answer(RouteRequest.Builder request) {
        client.answers().clear();
        client.send(request.build());
        rig.loop().run();
        return client.answer();
    }

    private void assertRefused(RouteRequest.Builder request, Code code, String... words) {
        RouteResponse answer = answer(request);
        assertThat(answer.getRequestId()).isEqualTo(request.getRequestId());
        assertThat(answer.getError().getCode()).isEqualTo(code.getNumber());
        assertThat(answer.getError().getMessage()).contains(words);
        assertThat(answer.getHiddenStates()).isEmpty();
        assertThat(client.failure()).isNull();
    }

    private static ByteString with(int position, float value) {
        byte[] states = STATES.toByteArray();
        ByteBuffer.wrap(states).order(ByteOrder.LITTLE_ENDIAN).putFloat(position * TinyMixture.ROW_BYTES + 4, value);
        return ByteString.copyFrom(states);
    }

    @Test
    void requestsThatDoNotFitTheModelAreRefusedAndTheStreamGoesOn() {
        assertRefused(
                rig.request(1, 0, STATES.substring(4)).setPositions(6),
                Code.INVALID_ARGUMENT,
                "hidden_states",
                Integer.toString(STATES.size() - 4),
                Integer.toString(STATES.size()));
        assertRefused(rig.request(2, 3, STATES), Code.INVALID_ARGUMENT, "layer", "3", "0 to 2");
        assertRefused(rig.request(3, -1, STATES), Code.INVALID_ARGUMENT, "layer", "4294967295");
        assertRefused(rig.request(4, 1, STATES), Code.INVALID_ARGUMENT, "layer", "1 has no experts", "[0, 2]");
        assertRefused(
                rig.request(5, 0, STATES).setPositions(-1), Code.INVALID_ARGUMENT, "positions", "4294967295", "300");
        assertRefused(
                rig.request(6, 0, STATES).setModelFingerprint("another"),
                Code.FAILED_PRECONDITION,
                "model_fingerprint");
        assertRefused(
                rig.request(7, 0, STATES).addAllSequenceLengths(List.of(2, 3)),
                Code.INVALID_ARGUMENT,
                "sequence_lengths",
                "5",
                "6");
        assertRefused(
                rig.request(8, 0, STATES).addAllSequenceLengths(List.of(-1, 7)),
                Code.INVALID_ARGUMENT,
                "sequence_lengths",
                "4294967302");
        assertRefused(
                rig.request(9, 0, STATES).addAllSequenceLengths(List.of(6, 0)),
                Code.INVALID_ARGUMENT,
                "sequence_lengths");
        assertThat(answer(rig.request(10, 0, STATES)).getHiddenStates())
                .isEqualTo(rig.experts().expected(0, STATES, 6));
        assertThat(rig.count("refusals")).isEqualTo(9);
        assertThat(rig.router().rowsUnderWay()).isZero();
    }

    @Test
    void noPositionsAreAnsweredWithNone() {
        RouteResponse answer = answer(rig.request(4, 0, ByteString.EMPTY));
        assertThat(answer.getRequestId()).isEqualTo(4);
        assertThat(answer.hasError()).isFalse();
        assertThat(answer.getHiddenStates()).isEmpty();
    }

    @Test
    void aRequestIdIsUsedOnceAtATime() {
        client.cancel();
        FakeClient other = new FakeClient(rig);
        FakeClient late = new FakeClient(rig);
        late.send(1, 0, STATES);
        rig.loop().run();
        other.send(7, 0, STATES);
        other.send(7, 0, STATES);
        rig.loop().advance(RouterRig.WINDOW);
        assertThat(other.answers()).hasSize(2);
        assertThat(other.answers().getFirst().getError().getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
        assertThat(other.answers().getFirst().getError().getMessage()).contains("request_id", "7");
        assertThat(other.answers().getLast().getHiddenStates())
                .isEqualTo(rig.experts().expected(0, STATES, 6));
    }

    @Test
    void aSequenceWithNumbersThatAreNoneFailsAlone() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            RouteResponse answer = answer(rig.request(1, 2, with(3, bad)).addAllSequenceLengths(List.of(2, 3, 1)));
            assertThat(answer.hasError()).isFalse();
            assertThat(answer.getFailuresList()).hasSize(1);
            assertThat(answer.getFailures(0).getSequence()).isEqualTo(1);
            Status error = answer.getFailures(0).getError();
            assertThat(error.getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
            assertThat(error.getMessage()).contains("layer 2", "position 1 of sequence 1");
            ByteString expected = rig.experts().expected(2, STATES, 2, 3, 1);
            int two = 2 * TinyMixture.ROW_BYTES;
            int five = 5 * TinyMixture.ROW_BYTES;
            assertThat(answer.getHiddenStates().substring(0, two)).isEqualTo(expected.substring(0, two));
            assertThat(answer.getHiddenStates().substring(five)).isEqualTo(expected.substring(five));
        }
    }

    @Test
    void aRequestOfWhichAllSequencesFailIsAnsweredToo() {
        RouteResponse answer = answer(rig.request(1, 2, with(3, Float.NaN)));
        assertThat(answer.getFailuresList()).hasSize(1);
        assertThat(rig.router().rowsUnderWay()).isZero();
    }

    @Test
    void gateLogitsThatOverflowNameTheLayer() {
        ByteBuffer states = ByteBuffer.allocate(STATES.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int column = 0; column < TinyMixture.WIDTH; column++) {
            states.putFloat(3 * TinyMixture.ROW_BYTES + column * Float.BYTES, Float.MAX_VALUE);
        }
        RouteResponse answer = answer(rig.request(1, 2, ByteString.copyFrom(states)));
        assertThat(answer.getFailuresList()).hasSize(1);
        Status error = answer.getFailures(0).getError();
        assertThat(error.getCode()).isEqualTo(Code.INTERNAL_VALUE);
        assertThat(error.getMessage()).contains("layer 2", "gate", "position 3 of sequence 0");
    }
}
