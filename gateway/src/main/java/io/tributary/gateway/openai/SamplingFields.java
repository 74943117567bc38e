package io.tributary.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.proto.gateway.v1.SamplingParameters;
import java.util.Map;

/**
 * How tokens are chosen: OpenAI's fields, and those that vLLM and Hugging Face's transformers have added. Their ranges are
 * the contract's to check.
 */
final class SamplingFields {
    /** What OpenAI's API does when the request does not say; the contract's own default is greedy. */
    private static final float DEFAULT_TEMPERATURE = 1;

    private static final int MOST_BIASES = 1024;

    private SamplingFields() {}

    static SamplingParameters of(Fields body) {
        SamplingParameters.Builder sampling = SamplingParameters.newBuilder()
                .setTemperature(body.number("temperature").orElse(DEFAULT_TEMPERATURE));
        body.number("top_p").ifPresent(sampling::setTopP);
        body.number("min_p").ifPresent(sampling::setMinP);
        body.number("typical_p").ifPresent(sampling::setTypicalP);
        body.number("epsilon_cutoff").ifPresent(sampling::setEpsilonCutoff);
        body.number("repetition_penalty").ifPresent(sampling::setRepetitionPenalty);
        body.number("frequency_penalty").ifPresent(sampling::setFrequencyPenalty);
        body.number("presence_penalty").ifPresent(sampling::setPresencePenalty);
        body.whole("no_repeat_ngram_size", 0, Integer.MAX_VALUE).ifPresent(sampling::setNoRepeatNgramSize);
        // vLLM writes "all" as -1.
        body.whole("top_k", -1, Integer.MAX_VALUE).ifPresent(k -> sampling.setTopK(Math.max(0, k)));
        body.whole("seed").ifPresent(sampling::setSeed);
        body.object("logit_bias").ifPresent(biases -> addBiases(biases, sampling));
        return sampling.build();
    }

    private static void addBiases(Fields biases, SamplingParameters.Builder sampling) {
        if (biases.object().size() > MOST_BIASES) {
            throw OpenAiException.field(
                    "logit_bias",
                    "has %,d entries; at most %,d are allowed"
                            .formatted(biases.object().size(), MOST_BIASES));
        }
        for (Map.Entry<String, JsonNode> bias : biases.object().properties()) {
            sampling.putLogitBias(id(bias.getKey()), biases.number(bias.getKey(), bias.getValue()));
        }
    }

    private static int id(String text) {
        try {
            int id = Integer.parseInt(text);
            if (id >= 0) {
                return id;
            }
        } catch (NumberFormatException _) {
            // Told below, with all other texts that are no ids.
        }
        throw OpenAiException.field("logit_bias", "has the key \"%s\"; token ids are needed".formatted(text));
    }
}
