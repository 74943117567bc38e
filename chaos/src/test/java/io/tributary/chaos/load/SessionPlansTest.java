package io.tributary.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SessionPlansTest {
    private static final long SEED = 11;
    private static final int VOCABULARY = 2048;
    private static final List<SessionPlan> PLANS = SessionPlans.of(SEED, 400, VOCABULARY);

    @Test
    void theSameSeedGivesTheSamePlansAndAnotherOneOthers() {
        assertThat(SessionPlans.of(SEED, 400, VOCABULARY)).isEqualTo(PLANS);
        assertThat(SessionPlans.of(SEED + 1, 400, VOCABULARY)).isNotEqualTo(PLANS);
    }

    @Test
    void everyPlanFitsIntoTheContextAndTheVocabulary() {
        assertThat(PLANS).allSatisfy(plan -> {
            assertThat(plan.request().getPromptTokens().getIdsList())
                    .hasSizeBetween(1, SessionPlans.LONGEST_PROMPT)
                    .allMatch(id -> id >= 0 && id < VOCABULARY);
            assertThat(plan.request().getMaxTokens()).isBetween(1, SessionPlans.MOST_TOKENS);
            assertThat(plan.request().getSampling().hasSeed()).isTrue();
        });
    }

    @Test
    void everyOptionIsDrawn() {
        assertThat(PLANS).anyMatch(plan -> plan.request().getSampling().getTemperature() > 0);
        assertThat(PLANS).anyMatch(plan -> plan.request().getSampling().getTemperature() == 0);
        assertThat(PLANS).anyMatch(plan -> plan.request().getSampling().hasRepetitionPenalty());
        assertThat(PLANS).anyMatch(plan -> plan.request().getStopCount() > 0);
        assertThat(PLANS).anyMatch(plan -> plan.request().getTopLogprobs() > 0);
        assertThat(PLANS).anyMatch(plan -> plan.habit() instanceof Habit.Cancels);
        assertThat(PLANS).anyMatch(plan -> plan.habit() instanceof Habit.Moves);
        assertThat(PLANS).anyMatch(plan -> plan.habit() instanceof Habit.ReadsToTheEnd);
    }

    @Test
    void aSessionThatItsClientLeavesAliveOutlivesItsStream() {
        assertThat(PLANS)
                .filteredOn(plan -> isLeftAlive(plan.habit()))
                .isNotEmpty()
                .allMatch(plan -> plan.request().getOutlivesStream());
    }

    private static boolean isLeftAlive(Habit habit) {
        return habit instanceof Habit.Moves || (habit instanceof Habit.Cancels cancels && cancels.byCall());
    }
}
