package io.tributary.chaos.load;

import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.Priority;
import io.tributary.proto.gateway.v1.SamplingParameters;
import io.tributary.proto.gateway.v1.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws requests of all kinds from a seed: short and long, greedy and sampled, with and without every option. */
public final class SessionPlans {
    /** The longest prompt that is drawn, in tokens. */
    public static final int LONGEST_PROMPT = 300;

    /** The most tokens that a request asks for. */
    public static final int MOST_TOKENS = 200;

    private static final List<String> STOPS = List.of(" king", "LORD", ", and", "\n", "unto");
    private static final int MOST_ALTERNATIVES = 5;

    private final SplittableRandom random;
    private final int vocabularySize;

    private SessionPlans(long seed, int vocabularySize) {
        this.random = new SplittableRandom(seed);
        this.vocabularySize = vocabularySize;
    }

    /**
     * Plans, the same for the same arguments.
     *
     * @param vocabularySize the model's; prompts are of ids below
     */
    public static List<SessionPlan> of(long seed, int count, int vocabularySize) {
        SessionPlans plans = new SessionPlans(seed, vocabularySize);
        List<SessionPlan> drawn = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            drawn.add(plans.draw(number));
        }
        return drawn;
    }

    private SessionPlan draw(int number) {
        int maximalTokens = maximalTokens();
        Habit habit = habit(maximalTokens);
        GenerateRequest.Builder request = GenerateRequest.newBuilder()
                .setPromptTokens(prompt())
                .setMaxTokens(maximalTokens)
                .setSampling(sampling())
                .setOutlivesStream(needsToOutlive(habit) || chance(0.3));
        if (chance(0.25)) {
            request.addStop(STOPS.get(random.nextInt(STOPS.size())));
        }
        if (chance(0.3)) {
            request.setTopLogprobs(random.nextInt(1, MOST_ALTERNATIVES + 1));
        }
        if (chance(0.25)) {
            request.setPriority(Priority.PRIORITY_BATCH);
        }
        return new SessionPlan(number, request.build(), habit);
    }

    private TokenIds prompt() {
        int length = oneOf(1, 20, 100, LONGEST_PROMPT);
        TokenIds.Builder ids = TokenIds.newBuilder();
        for (int position = 0; position < length; position++) {
            ids.addIds(random.nextInt(vocabularySize));
        }
        return ids.build();
    }

    private int maximalTokens() {
        return oneOf(1, 20, 100, MOST_TOKENS);
    }

    /** Half of them small, a fifth large. */
    private int oneOf(int least, int small, int medium, int most) {
        double size = random.nextDouble();
        if (size < 0.5) {
            return random.nextInt(least, small + 1);
        }
        return size < 0.8 ? random.nextInt(small, medium + 1) : random.nextInt(medium, most + 1);
    }

    private SamplingParameters sampling() {
        SamplingParameters.Builder sampling = SamplingParameters.newBuilder().setSeed(random.nextInt());
        if (chance(0.6)) {
            sampling.setTemperature(0.7f + 0.5f * (float) random.nextDouble());
            if (chance(0.5)) {
                sampling.setTopK(random.nextInt(5, 80));
            }
            if (chance(0.5)) {
                sampling.setTopP(0.8f + 0.2f * (float) random.nextDouble());
            }
        }
        if (chance(0.4)) {
            sampling.setRepetitionPenalty(1.1f).setFrequencyPenalty(0.3f).setPresencePenalty(0.2f);
        }
        return sampling.build();
    }

    private Habit habit(int maximalTokens) {
        double drawn = random.nextDouble();
        int after = random.nextInt(1, maximalTokens + 1);
        if (drawn < 0.06) {
            return new Habit.Cancels(after, false);
        }
        if (drawn < 0.12) {
            return new Habit.Cancels(after, true);
        }
        return drawn < 0.22 ? new Habit.Moves(after) : new Habit.ReadsToTheEnd();
    }

    private static boolean needsToOutlive(Habit habit) {
        return switch (habit) {
            case Habit.Moves _ -> true;
            case Habit.Cancels cancels -> cancels.byCall();
            case Habit.ReadsToTheEnd _ -> false;
        };
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }
}
