package io.tributary.gateway.openai;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.proto.gateway.v1.GenerateResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;

/** The generations of one request, side by side in one stream. */
final class Choices {
    private static final Executor STARTING =
            task -> Thread.ofVirtual().name("tributary-choice").start(task);

    private Choices() {}

    /**
     * A response with the number of its choice.
     *
     * @param index of the choice
     */
    record Numbered(int index, GenerateResponse response) {}

    /** A part of an answer with the number of its choice. */
    record NumberedDelta(int index, Delta delta) {}

    /**
     * The deltas of all choices. The first failure ends them all; cancelling cancels them all.
     *
     * @param prompts number of prompts
     * @param answersToAPrompt number of choices of each; those of the first prompt come first
     * @param generation the generation of a choice
     * @param answer what a choice's responses are read with
     */
    static Multi<NumberedDelta> deltas(
            int prompts,
            int answersToAPrompt,
            IntFunction<Multi<GenerateResponse>> generation,
            IntFunction<Answer> answer) {
        List<Multi<Numbered>> streams = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (int prompt = 0; prompt < prompts; prompt++) {
            CompletableFuture<Boolean> computed = new CompletableFuture<>();
            for (int choice = 0; choice < answersToAPrompt; choice++) {
                int index = prompt * answersToAPrompt + choice;
                Multi<Numbered> stream = generation.apply(index).map(response -> new Numbered(index, response));
                streams.add(choice == 0 ? telling(computed, stream) : behind(computed, stream));
                answers.add(answer.apply(index));
            }
        }
        return Multi.createBy()
                .merging()
                .withConcurrency(streams.size())
                .withRequests(1)
                .streams(streams)
                .onItem()
                .transformToIterable(numbered ->
                        deltas(numbered.index(), answers.get(numbered.index()).deltas(numbered.response())));
    }

    private static List<NumberedDelta> deltas(int index, List<Delta> deltas) {
        return deltas.stream().map(delta -> new NumberedDelta(index, delta)).toList();
    }

    private static Multi<Numbered> telling(CompletableFuture<Boolean> computed, Multi<Numbered> stream) {
        return stream.onItem().invoke(numbered -> {
            if (!numbered.response().hasStarted()) {
                computed.completeAsync(() -> true, STARTING);
            }
        });
    }

    /** Once the first choice has a token its prompt is computed, and in the prefix cache for the others. */
    private static Multi<Numbered> behind(CompletableFuture<Boolean> computed, Multi<Numbered> stream) {
        return Uni.createFrom().completionStage(computed).onItem().transformToMulti(done -> stream);
    }
}
