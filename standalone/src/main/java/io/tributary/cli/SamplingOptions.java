package io.tributary.cli;

import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a text is continued. */
final class SamplingOptions {
    @Option(names = "--temperature", paramLabel = "T", description = "0 (default) is greedy; higher is more varied.")
    @Nullable
    Float temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Keep the K most likely tokens.")
    @Nullable
    Integer topK;

    @Option(names = "--top-p", paramLabel = "P", description = "Keep the likeliest tokens whose probability reaches P.")
    @Nullable
    Float topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Keep tokens at least P times as likely as the likeliest.")
    @Nullable
    Float minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            description = "Above 1: avoid tokens already in the text.")
    @Nullable
    Float repetitionPenalty;

    @Option(names = "--frequency-penalty", paramLabel = "F", description = "-2 to 2, per earlier generated occurrence.")
    @Nullable
    Float frequencyPenalty;

    @Option(names = "--presence-penalty", paramLabel = "F", description = "-2 to 2, for tokens generated earlier.")
    @Nullable
    Float presencePenalty;

    @Option(names = "--seed", paramLabel = "S", description = "The same seed gives the same text.")
    @Nullable
    Long seed;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Generate at most N tokens.")
    @Nullable
    Integer maxTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Stop before TEXT would appear; may be repeated.")
    List<String> stop = new ArrayList<>();

    /** A request for the prompt with these options. */
    GenerateRequest request(String prompt) {
        GenerateRequest.Builder request = GenerateRequest.newBuilder()
                .setPrompt(prompt)
                .setSampling(sampling())
                .addAllStop(stop);
        if (maxTokens != null) {
            request.setMaxTokens(maxTokens);
        }
        return request.build();
    }

    private SamplingParameters sampling() {
        SamplingParameters.Builder sampling = SamplingParameters.newBuilder();
        if (temperature != null) {
            sampling.setTemperature(temperature);
        }
        if (topK != null) {
            sampling.setTopK(topK);
        }
        if (topP != null) {
            sampling.setTopP(topP);
        }
        if (minP != null) {
            sampling.setMinP(minP);
        }
        if (repetitionPenalty != null) {
            sampling.setRepetitionPenalty(repetitionPenalty);
        }
        if (frequencyPenalty != null) {
            sampling.setFrequencyPenalty(frequencyPenalty);
        }
        if (presencePenalty != null) {
            sampling.setPresencePenalty(presencePenalty);
        }
        if (seed != null) {
            sampling.setSeed(seed);
        }
        return sampling.build();
    }
}
