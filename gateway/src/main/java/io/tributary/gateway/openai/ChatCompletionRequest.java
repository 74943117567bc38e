package io.tributary.gateway.openai;

import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.gateway.v1.GenerateRequest;
import java.util.List;
import java.util.Optional;

/**
 * A checked request for answers to a conversation.
 *
 * @param model the model that is asked, if the client said
 * @param prompt messages and tools, for the model's template
 * @param options what holds for each answer
 * @param logprobs whether the tokens of an answer are told with their log-probabilities
 * @param tools which tools the answer may call
 */
record ChatCompletionRequest(
        Optional<String> model, ChatPrompt prompt, GenerationOptions options, boolean logprobs, ToolUse tools) {

    /** @param mostChoices what `n` may be at most */
    static ChatCompletionRequest of(Fields body, int mostChoices) {
        refuseOtherMedia(body);
        ToolUse tools = ToolUse.of(body);
        boolean logprobs = body.flag("logprobs");
        int alternatives = GenerationOptions.topLogprobs(body, "top_logprobs").orElse(0);
        if (alternatives > 0 && !logprobs) {
            throw body.bad("top_logprobs", "is given but logprobs is not true");
        }
        GenerationOptions options = GenerationOptions.of(body, mostChoices).withTopLogprobs(alternatives);
        if (tools.constraint().isPresent() && options.common().hasConstraint()) {
            throw body.bad("response_format", "and a tool_choice that forces a call are both given; only one can hold");
        }
        return new ChatCompletionRequest(
                body.text("model"), prompt(body, tools.definitions()), options, logprobs, tools);
    }

    /** The conversation as the contract has it. */
    static ChatPrompt prompt(Fields body, List<String> tools) {
        ChatPrompt.Builder prompt =
                ChatPrompt.newBuilder().addAllMessages(ChatMessages.of(body)).addAllTools(tools);
        body.object("chat_template_kwargs")
                .ifPresent(variables ->
                        prompt.setTemplateVariables(variables.object().toString()));
        return prompt.build();
    }

    private static void refuseOtherMedia(Fields body) {
        body.refuse("modalities", "[\"text\"]", "is not supported; answers are text");
        body.refuse("audio", "null", "is not supported; answers are text");
        body.refuse("web_search_options", "null", "is not supported");
    }

    /** The request for one of the answers. */
    GenerateRequest generateRequest(int choice) {
        GenerateRequest.Builder request = options.choice(choice).setChat(prompt);
        tools.constraint().ifPresent(request::setConstraint);
        return request.build();
    }
}
