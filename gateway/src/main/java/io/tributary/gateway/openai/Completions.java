package io.tributary.gateway.openai;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.gateway.openai.Choices.NumberedDelta;
import io.tributary.gateway.openai.TextCompletion.Assembly;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.DetokenizeResponse;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** `POST /v1/completions`: continuations of texts. */
final class Completions implements Endpoint {
    private final int mostChoices;

    /** @param mostChoices continuations that one request may ask for */
    Completions(int mostChoices) {
        this.mostChoices = mostChoices;
    }

    @Override
    public Reply reply(Fields body, GatewayCalls calls) {
        CompletionRequest request = CompletionRequest.of(body, mostChoices);
        Uni<ResponseHead> head = calls.model(request.model()).map(model -> ResponseHead.of("cmpl-", model));
        return request.options().stream()
                ? new Events(head.onItem().transformToMulti(known -> chunks(known, request, calls)))
                : new Document(head.chain(known -> whole(known, request, calls)));
    }

    private static Multi<NumberedDelta> deltas(CompletionRequest request, GatewayCalls calls) {
        return Choices.deltas(
                request.prompts().size(),
                request.options().choices(),
                choice -> calls.generate(request.generateRequest(choice)),
                choice -> new Answer(AnswerText.plain(), request.logprobs().isPresent()));
    }

    private static Multi<TextCompletion> chunks(ResponseHead head, CompletionRequest request, GatewayCalls calls) {
        return assemblies(request, calls).onItem().transformToMulti(assemblies -> {
            UsageCount usage = new UsageCount(request.options().choices());
            Multi<TextCompletion> chunks = deltas(request, calls)
                    .onItem()
                    .invoke(numbered -> add(numbered, assemblies, usage))
                    .map(numbered -> assemblies.get(numbered.index()))
                    .select()
                    .where(Assembly::anyNews)
                    .map(assembly -> TextCompletion.of(head, List.of(assembly.take()), null));
            return request.options().includeUsage()
                    ? chunks.onCompletion()
                            .continueWith(() -> List.of(TextCompletion.of(head, List.of(), usage.total())))
                    : chunks;
        });
    }

    private static Uni<TextCompletion> whole(ResponseHead head, CompletionRequest request, GatewayCalls calls) {
        return assemblies(request, calls).chain(assemblies -> {
            UsageCount usage = new UsageCount(request.options().choices());
            return deltas(request, calls)
                    .onItem()
                    .invoke(numbered -> add(numbered, assemblies, usage))
                    .collect()
                    .last()
                    .map(end -> TextCompletion.of(
                            head, assemblies.stream().map(Assembly::take).toList(), usage.total()));
        });
    }

    private static void add(NumberedDelta numbered, List<Assembly> assemblies, UsageCount usage) {
        usage.add(numbered.index(), numbered.delta());
        assemblies.get(numbered.index()).add(numbered.delta());
    }

    private static Uni<List<Assembly>> assemblies(CompletionRequest request, GatewayCalls calls) {
        int answers = request.options().choices();
        return echoes(request, calls)
                .map(echoes -> IntStream.range(0, request.choices())
                        .mapToObj(choice -> new Assembly(choice, echoes.get(choice / answers)))
                        .toList());
    }

    /** What the continuations of each prompt begin with. */
    private static Uni<List<String>> echoes(CompletionRequest request, GatewayCalls calls) {
        if (!request.echo()) {
            return Uni.createFrom()
                    .item(Stream.generate(() -> "")
                            .limit(request.prompts().size())
                            .toList());
        }
        return Multi.createFrom()
                .iterable(request.prompts())
                .onItem()
                .transformToUniAndConcatenate(prompt -> text(prompt, calls))
                .collect()
                .asList();
    }

    /** The text of a prompt. */
    static Uni<String> text(Prompt prompt, GatewayCalls calls) {
        return switch (prompt) {
            case Prompt.Text(String text) -> Uni.createFrom().item(text);
            case Prompt.Tokens(List<Integer> ids) ->
                calls.detokenize(DetokenizeRequest.newBuilder()
                                .addAllIds(ids)
                                .setSkipSpecialTokens(true)
                                .build())
                        .map(DetokenizeResponse::getText);
        };
    }
}
