package io.tributary.gateway.openai;

import io.grpc.Status;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.gateway.openai.Choices.NumberedDelta;
import java.util.List;
import java.util.stream.IntStream;

/** `POST /v1/chat/completions`: answers to a conversation. */
final class ChatCompletions implements Endpoint {
    private final int mostChoices;

    /** @param mostChoices answers that one request may ask for */
    ChatCompletions(int mostChoices) {
        this.mostChoices = mostChoices;
    }

    @Override
    public Reply reply(Fields body, GatewayCalls calls) {
        ChatCompletionRequest request = ChatCompletionRequest.of(body, mostChoices);
        Uni<ResponseHead> head = calls.model(request.model()).map(model -> ResponseHead.of("chatcmpl-", model));
        return request.options().stream()
                ? new Events(head.onItem().transformToMulti(known -> chunks(known, request, calls)))
                : new Document(head.chain(known -> whole(known, request, calls)));
    }

    private static Multi<NumberedDelta> deltas(ChatCompletionRequest request, GatewayCalls calls) {
        return Choices.deltas(
                1,
                request.options().choices(),
                choice -> calls.generate(request.generateRequest(choice))
                        .onFailure(failure -> request.tools().constraint().isPresent()
                                && Status.fromThrowable(failure).getCode() == Status.Code.INVALID_ARGUMENT)
                        .transform(ChatCompletions::ofTools),
                choice -> new Answer(reader(request.tools()), request.logprobs()));
    }

    /** The form of an answer that must be a call comes from the tools. */
    private static Throwable ofTools(Throwable failure) {
        OpenAiError error = OpenAiErrors.of(failure);
        return ResponseForm.FIELD.equals(error.param())
                ? OpenAiException.field("tools", "have parameters that cannot be kept: " + error.message())
                : failure;
    }

    private static AnswerText reader(ToolUse tools) {
        return tools.any() ? new ToolCallParser(tools, () -> ResponseHead.freshId("call_")) : AnswerText.plain();
    }

    private static Multi<ChatChunk> chunks(ResponseHead head, ChatCompletionRequest request, GatewayCalls calls) {
        UsageCount usage = new UsageCount(request.options().choices());
        Multi<ChatChunk> chunks = deltas(request, calls).map(numbered -> {
            usage.add(numbered.index(), numbered.delta());
            return ChatChunk.of(head, numbered.index(), numbered.delta());
        });
        return request.options().includeUsage()
                ? chunks.onCompletion().continueWith(() -> List.of(ChatChunk.of(head, usage.total())))
                : chunks;
    }

    private static Uni<ChatCompletion> whole(ResponseHead head, ChatCompletionRequest request, GatewayCalls calls) {
        int choices = request.options().choices();
        UsageCount usage = new UsageCount(choices);
        List<ChatCompletion.Assembly> assemblies = IntStream.range(0, choices)
                .mapToObj(ChatCompletion.Assembly::new)
                .toList();
        return deltas(request, calls)
                .onItem()
                .invoke(numbered -> {
                    usage.add(numbered.index(), numbered.delta());
                    assemblies.get(numbered.index()).add(numbered.delta());
                })
                .collect()
                .last()
                .map(end -> ChatCompletion.of(
                        head,
                        assemblies.stream().map(ChatCompletion.Assembly::choice).toList(),
                        usage.total()));
    }
}
