package io.tributary.gateway.openai;

import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.TokenIds;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked request for continuations of texts.
 *
 * @param model the model that is asked, if the client said
 * @param prompts what is continued, in order
 * @param options what holds for each continuation
 * @param logprobs number of alternatives told with each token; empty if tokens are not told
 * @param echo whether a continuation begins with its prompt
 */
record CompletionRequest(
        Optional<String> model, List<Prompt> prompts, GenerationOptions options, OptionalInt logprobs, boolean echo) {

    /** @param mostChoices prompts times `n` at most */
    static CompletionRequest of(Fields body, int mostChoices) {
        body.refuse("suffix", "\"\"", "is not supported; models continue a text at its end");
        List<Prompt> prompts = Prompt.several(body, "prompt");
        OptionalInt logprobs = GenerationOptions.topLogprobs(body, "logprobs");
        GenerationOptions options = GenerationOptions.of(body, mostChoices).withTopLogprobs(logprobs.orElse(0));
        int choices = prompts.size() * options.choices();
        if (prompts.isEmpty() || choices > mostChoices) {
            throw body.bad(
                    "prompt",
                    "has %d prompts for which n is %d; 1 to %d continuations are allowed"
                            .formatted(prompts.size(), options.choices(), mostChoices));
        }
        body.refuse("best_of", String.valueOf(options.choices()), "must be n, or left out");
        boolean echo = body.flag("echo");
        if (echo && logprobs.isPresent()) {
            throw body.bad("echo", "cannot be had with logprobs; Score of the gRPC contract tells those of a prompt");
        }
        return new CompletionRequest(body.text("model"), prompts, options, logprobs, echo);
    }

    /** Number of continuations. */
    int choices() {
        return prompts.size() * options.choices();
    }

    /** The request for one of the continuations: those of the first prompt come first. */
    GenerateRequest generateRequest(int choice) {
        GenerateRequest.Builder request = options.choice(choice % options.choices());
        return switch (prompts.get(choice / options.choices())) {
            case Prompt.Text(String text) -> request.setPrompt(text).build();
            case Prompt.Tokens(List<Integer> ids) ->
                request.setPromptTokens(TokenIds.newBuilder().addAllIds(ids)).build();
        };
    }
}
