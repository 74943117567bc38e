package io.tributary.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseLedgerTest {
    private final PauseLedger ledger = new PauseLedger();

    @Test
    void aPauseThatTheFaultCutOffCountsFromTheFault() {
        PauseLedger.Window window = ledger.openAt("kill", 100);
        ledger.pause(90, 150);

        assertThat(window.longestPause()).isEqualTo(Duration.ofNanos(50));
    }

    @Test
    void aPauseCountsToItsEndThoughTheWindowIsClosed() {
        PauseLedger.Window window = ledger.openAt("kill", 100);
        window.closeAt(200);
        ledger.pause(190, 260);

        assertThat(window.longestPause()).isEqualTo(Duration.ofNanos(70));
        assertThat(window.length()).isEqualTo(Duration.ofNanos(100));
    }

    @Test
    void pausesOutsideOfTheWindowDoNotCount() {
        PauseLedger.Window window = ledger.openAt("kill", 100);
        window.closeAt(200);
        ledger.pause(20, 100);
        ledger.pause(200, 900);

        assertThat(window.longestPause()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aPauseOverTwoFaultsCountsForBoth() {
        PauseLedger.Window first = ledger.openAt("kill", 100);
        first.closeAt(200);
        PauseLedger.Window second = ledger.openAt("pause", 300);
        ledger.pause(150, 400);

        assertThat(first.longestPause()).isEqualTo(Duration.ofNanos(250));
        assertThat(second.longestPause()).isEqualTo(Duration.ofNanos(100));
    }

    @Test
    void theLongestPauseOfAllStreamsIsKept() {
        PauseLedger.Window window = ledger.openAt("kill", 100);
        ledger.pause(110, 150);
        ledger.pause(110, 190);
        ledger.pause(110, 120);

        assertThat(window.longestPause()).isEqualTo(Duration.ofNanos(80));
    }
}
