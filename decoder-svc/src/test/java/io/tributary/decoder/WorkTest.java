package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.log.UpstreamEpochs;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.Constraint;
import io.tributary.proto.log.v1.OpenSession;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class WorkTest {
    private static final int PROMPT = 10;

    @Test
    void ofAPromptOnlyTheRecordWithItsEndWaitsForTheGrammar() throws SessionRefusedException {
        try (Turns turns = new Turns(TestShards.model(), () -> {})) {
            Turn turn = turns.of(opening(), 64);
            assertThat(work(turn, 0, 4, true).ready()).isTrue();
            assertThat(work(turn, 4, 5, true).ready()).isTrue();
            assertThat(work(turn, 9, 1, true).ready()).isFalse();
            assertThat(work(turn, 4, 6, true).ready()).isFalse();
            assertThat(work(turn, 10, 1, true).ready()).isFalse();
        }
    }

    @Test
    void whatIsReplayedWaitsForNoGrammar() throws SessionRefusedException {
        try (Turns turns = new Turns(TestShards.model(), () -> {})) {
            assertThat(work(turns.of(opening(), 64), 0, PROMPT, false).ready()).isTrue();
        }
    }

    private static OpenSession opening() {
        OpenSession.Builder opening =
                OpenSession.newBuilder().setPromptLength(PROMPT).setMaxTokens(5);
        opening.setSampling(
                TestShards.sampling(2).setConstraint(Constraint.newBuilder().setRegularExpression("a+")));
        return opening.build();
    }

    private static Work work(Turn turn, int first, int count, boolean emits) {
        Activation activation = Activation.newBuilder()
                .setFirstPosition(first)
                .addAllTokenIds(Collections.nCopies(count, 1))
                .build();
        return new Work(activation, turn, new LaneLedger(new LaneMark(0, UpstreamEpochs.NONE, 0)).enter(), emits, 0);
    }
}
