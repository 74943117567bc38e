package io.tributary.decoder.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.decoder.protocol.Exploration.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/recovery-model.md} has what this finds. */
class RecoveryProtocolTest {
    private static final int MAXIMAL_STATES = 2_000_000;
    private static final int MAXIMAL_STATES_DEEP = 40_000_000;
    private static final String DEEP = "tributary.protocol.deep";
    private static final String DEEP_REASON = "takes minutes and gigabytes; docs/recovery-model.md has the command";
    private static final String NOTHING_MORE = "nothing more happens, and the stream of session 0 is STREAMING";

    @ParameterizedTest(name = "{0} sessions, {1} + {2} positions, {3} faults, {4} decisions, cancellations {5}")
    @CsvSource({"1, 2, 2, 1, 0, true", "1, 1, 2, 1, 1, false", "1, 1, 1, 2, 0, false", "2, 1, 1, 1, 0, false"})
    void theProtocolHoldsInAllOrders(
            int sessions, int prompt, int tokens, int faults, int decisions, boolean cancellations) {
        assertThat(Exploration.of(
                        new Bounds(sessions, prompt, tokens, faults, decisions, cancellations, MAXIMAL_STATES)))
                .matches(Result::holds);
    }

    @EnabledIfSystemProperty(named = DEEP, matches = "true", disabledReason = DEEP_REASON)
    @ParameterizedTest(name = "{0} sessions, {1} + {2} positions, {3} faults, {4} decisions, cancellations {5}")
    @CsvSource({"1, 1, 1, 2, 0, true", "1, 1, 2, 2, 0, false", "1, 1, 2, 1, 1, true", "2, 1, 1, 1, 0, true"})
    void theProtocolHoldsWithMoreFaults(
            int sessions, int prompt, int tokens, int faults, int decisions, boolean cancellations) {
        Result result = Exploration.of(
                new Bounds(sessions, prompt, tokens, faults, decisions, cancellations, MAXIMAL_STATES_DEEP));
        System.out.println(result);
        assertThat(result).matches(Result::holds);
    }

    @Test
    void aHighWaterMarkAheadOfAcknowledgementsLosesRecords() {
        assertThat(streams(Deviation.COMMITS_BEFORE_ACKNOWLEDGEMENT).violation())
                .startsWith(NOTHING_MORE);
    }

    @Test
    void aLowWaterMarkOfTheSessionsThatLiveNowLosesTokensOfThoseThatWereClosed() {
        assertThat(streams(Deviation.LOW_WATER_OF_SESSIONS_LIVE_NOW).violation())
                .startsWith(NOTHING_MORE);
    }

    @Test
    void anOwnerThatEmitsNothingForOldRecordsLosesThem() {
        assertThat(streams(Deviation.OLD_RECORDS_ONLY_REPLAYED).violation()).startsWith(NOTHING_MORE);
    }

    @Test
    void anActivationBehindAGapMakesOtherTokens() {
        assertThat(streams(Deviation.GAPS_ACCEPTED).violation()).endsWith("with contents of its own");
    }

    @Test
    void aGapThatFailsItsSessionFailsOneThatTheWriterWouldHaveRepaired() {
        assertThat(streams(Deviation.GAPS_FAIL_SESSIONS).violation()).contains("session 0 is FAILED");
    }

    @Test
    void withoutFencingAnOwnerThatWasReplacedFailsSessions() {
        assertThat(decisions(Deviation.CLOSINGS_NOT_FENCED).violation())
                .startsWith("a fenced record counted: FAILED of session 0");
    }

    @Test
    void aSessionThatIsFreedBeforeItsClosingComesRoundIsLostWithTheClosing() {
        assertThat(decisions(Deviation.FREES_BEFORE_CLOSING).violation()).startsWith(NOTHING_MORE);
    }

    @Test
    void aFailureThatIsToldApartFromItsClosingLeavesAClientWithoutEither() {
        assertThat(decisions(Deviation.FAILURES_STRAIGHT_TO_GATEWAYS).violation())
                .startsWith(NOTHING_MORE);
    }

    /** What the last stage tells gateways is a function of its lane, whoever owns it. */
    @EnabledIfSystemProperty(named = DEEP, matches = "true", disabledReason = DEEP_REASON)
    @Test
    void gatewaysNeedNotTellOwnersApart() {
        assertThat(decisions(Deviation.GATEWAYS_DO_NOT_FENCE)).matches(Result::holds);
    }

    @Test
    void anUpstreamEpochOfTheLatestRecordDropsRecordsInTheReplayThatCounted() {
        assertThat(lossTwice(Deviation.UPSTREAM_EPOCH_OF_LATEST_RECORD).violation())
                .startsWith(NOTHING_MORE);
    }

    @Test
    void aReplacedOwnerThatCommitsTakesPositionsBack() {
        assertThat(lossTwice(Deviation.REPLACED_OWNERS_COMMIT).violation()).startsWith("a commit goes back");
    }

    @EnabledIfSystemProperty(named = DEEP, matches = "true", disabledReason = DEEP_REASON)
    @ParameterizedTest
    @EnumSource(names = {"OPENINGS_NOT_FENCED", "UPSTREAM_EPOCH_FORGOTTEN"})
    void anOpeningOfAReplacedOwnerLeavesASessionThatNobodyCloses(Deviation deviation) {
        assertThat(lossTwice(deviation).violation()).startsWith("nothing more happens, and stage 1 holds session 0");
    }

    @EnabledIfSystemProperty(named = DEEP, matches = "true", disabledReason = DEEP_REASON)
    @Test
    void oneUpstreamEpochForAllStagesDropsRecordsInTheReplayThatCounted() {
        assertThat(lossTwice(Deviation.ONE_UPSTREAM_EPOCH_FOR_ALL_STAGES).violation())
                .startsWith("nothing more happens, and");
    }

    @EnabledIfSystemProperty(named = DEEP, matches = "true", disabledReason = DEEP_REASON)
    @Test
    void aClosingThatOvertakesTheOpeningLeavesASessionThatNobodyCloses() {
        assertThat(decisions(Deviation.FAILURES_TO_NEXT_STAGE, Deviation.CLOSED_SESSIONS_FORGOTTEN)
                        .violation())
                .startsWith("nothing more happens, and stage 1 holds session 0");
    }

    @Test
    void aClosingOfAnUnknownSessionIsStillAwaitedDownstream() {
        Bounds oneToken = new Bounds(1, 1, 1, 1, 1, false, MAXIMAL_STATES);
        assertThat(Exploration.of(oneToken, Deviation.CLOSINGS_OF_UNKNOWN_SESSIONS_DROPPED)
                        .violation())
                .startsWith(NOTHING_MORE);
    }

    /** Rules that save work, but whose absence harms no stream and leaves no session behind. */
    @ParameterizedTest
    @EnumSource(names = {"VALUES_NOT_FENCED", "CLOSED_SESSIONS_FORGOTTEN", "NO_OWNERSHIP_RECORDS"})
    void streamsDoNotNeedTheRule(Deviation deviation) {
        assertThat(streams(deviation)).matches(Result::holds);
    }

    private static Result streams(Deviation deviation) {
        return Exploration.of(new Bounds(1, 2, 2, 1, 0, false, MAXIMAL_STATES), deviation);
    }

    private static Result lossTwice(Deviation deviation) {
        return Exploration.of(new Bounds(1, 1, 1, 2, 0, false, MAXIMAL_STATES), deviation);
    }

    private static Result decisions(Deviation... deviations) {
        return Exploration.of(new Bounds(1, 1, 2, 1, 1, false, MAXIMAL_STATES), deviations);
    }
}
