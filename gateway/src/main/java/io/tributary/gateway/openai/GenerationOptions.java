package io.tributary.gateway.openai;

import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import java.util.OptionalInt;

/**
 * What requests for chats and for texts have in common.
 *
 * @param common a request without a prompt
 * @param choices number of answers to each prompt
 * @param stream whether the answer is a stream of events
 * @param includeUsage whether the last event of a stream tells the numbers of tokens
 */
record GenerationOptions(GenerateRequest common, int choices, boolean stream, boolean includeUsage) {
    private static final int MOST_TOP_LOGPROBS = 20;

    /** @param mostChoices what `n` may be at most */
    static GenerationOptions of(Fields body, int mostChoices) {
        refuseWhatIsUnknown(body);
        GenerateRequest.Builder common = GenerateRequest.newBuilder()
                .setSampling(SamplingFields.of(body))
                .addAllStop(body.texts("stop"))
                .setIgnoreEndOfText(body.flag("ignore_eos"));
        maximalTokens(body).ifPresent(common::setMaxTokens);
        ResponseForm.of(body).ifPresent(common::setConstraint);
        boolean stream = body.flag("stream");
        return new GenerationOptions(
                common.build(), body.whole("n", 1, mostChoices).orElse(1), stream, includeUsage(body, stream));
    }

    /** Better a refusal than an answer that is not what was asked for. */
    private static void refuseWhatIsUnknown(Fields body) {
        body.refuse("min_tokens", "0", "is not supported; leave it out or set it to 0");
        body.refuse("stop_token_ids", "[]", "is not supported; name the text of the tokens in stop");
        body.refuse("use_beam_search", "false", "is not supported; tokens are sampled");
        body.refuse("prompt_logprobs", "0", "is not supported; call Score of the gRPC contract");
    }

    private static OptionalInt maximalTokens(Fields body) {
        OptionalInt completion = body.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
        return completion.isPresent() ? completion : body.whole("max_tokens", 1, Integer.MAX_VALUE);
    }

    private static boolean includeUsage(Fields body, boolean stream) {
        if (body.value("stream_options").isPresent() && !stream) {
            throw body.bad("stream_options", "is given but stream is not true");
        }
        return body.object("stream_options")
                .map(options -> options.flag("include_usage"))
                .orElse(false);
    }

    /** The same options, with the most likely alternatives of each token. */
    GenerationOptions withTopLogprobs(int number) {
        return new GenerationOptions(common.toBuilder().setTopLogprobs(number).build(), choices, stream, includeUsage);
    }

    /** Number of alternatives that a field asks for. */
    static OptionalInt topLogprobs(Fields body, String field) {
        return body.whole(field, 0, MOST_TOP_LOGPROBS);
    }

    /** The request for one choice: each has a seed of its own, counted up from the one that was given. */
    GenerateRequest.Builder choice(int choice) {
        GenerateRequest.Builder request = common.toBuilder();
        SamplingParameters sampling = common.getSampling();
        if (sampling.hasSeed()) {
            request.getSamplingBuilder().setSeed(sampling.getSeed() + choice);
        }
        return request;
    }
}
