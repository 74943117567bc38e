package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.log.UpstreamEpochs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneLedgerTest {
    private final LaneLedger ledger = new LaneLedger(mark(10));

    @Test
    void theHighWaterMarkStaysBeforeARecordWhoseAppendIsNotAcknowledged() {
        LaneLedger.Entry first = ledger.enter(mark(11));
        LaneLedger.Entry second = ledger.enter(mark(12));
        first.appending();
        first.release();
        second.release();
        assertThat(ledger.highWater().offset()).isEqualTo(10);

        first.appended(null);

        assertThat(ledger.highWater().offset()).isEqualTo(12);
    }

    @Test
    void anAppendThatFailsHoldsTheHighWaterMarkForGood() {
        LaneLedger.Entry entry = ledger.enter(mark(11));
        entry.appending();
        entry.release();

        entry.appended(new IllegalStateException("the log is full"));

        assertThat(ledger.failure()).hasMessage("the log is full");
        assertThat(ledger.highWater().offset()).isEqualTo(10);
    }

    @Test
    void whatNoRecordCausesCountsAsPartOfTheNextOne() {
        ledger.enter(mark(11)).release();
        LaneLedger.Entry expiry = ledger.enter();
        expiry.appending();
        expiry.release();
        ledger.enter(mark(12)).release();
        assertThat(ledger.highWater().offset()).isEqualTo(11);

        expiry.appended(null);

        assertThat(ledger.highWater().offset()).isEqualTo(12);
    }

    @Test
    void theHighWaterMarkIsTheOldestRecordThatIsNotDoneInWhateverOrderTheyEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<LaneLedger.Entry> open = new ArrayList<>();
        for (int offset = 11; offset <= 150; offset++) {
            open.add(ledger.enter(mark(offset)));
        }
        while (!open.isEmpty()) {
            assertThat(ledger.highWater().offset())
                    .as("seed %d", seed)
                    .isEqualTo(open.getFirst().mark().offset());
            open.remove(random.nextInt(open.size())).release();
        }
        assertThat(ledger.highWater().offset()).isEqualTo(150);
    }

    @Test
    void waitingForAppendsEndsWithTheLastAcknowledgementOrTheDeadline() {
        LaneLedger.Entry entry = ledger.enter(mark(11));
        entry.appending();
        assertThat(ledger.awaitAppends(Duration.ofMillis(1))).isFalse();

        Thread acknowledging = Thread.ofVirtual().start(() -> entry.appended(null));

        assertThat(ledger.awaitAppends(Duration.ofSeconds(30))).isTrue();
        assertThat(acknowledging).isNotNull();
    }

    private static LaneMark mark(long offset) {
        return new LaneMark(offset, UpstreamEpochs.NONE, 0);
    }
}
