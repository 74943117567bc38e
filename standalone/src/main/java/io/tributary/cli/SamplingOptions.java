package io.tributary.cli;

import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import io.tributary.proto.gateway.v1.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
            names = "--typical-p",
            paramLabel = "P",
            description = "Keep the tokens nearest to the entropy whose probability reaches P.")
    @Nullable
    Float typicalP;

    @Option(names = "--epsilon-cutoff", paramLabel = "P", description = "Keep tokens whose probability is at least P.")
    @Nullable
    Float epsilonCutoff;

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

    @Option(
            names = "--no-repeat-ngram-size",
            paramLabel = "N",
            description = "No run of N tokens occurs twice in the text.")
    @Nullable
    Integer noRepeatNgramSize;

    @Option(names = "--seed", paramLabel = "S", description = "The same seed gives the same text.")
    @Nullable
    Long seed;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Generate at most N tokens.")
    @Nullable
    Integer maxTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Stop before TEXT would appear; may be repeated.")
    List<String> stop = new ArrayList<>();

    @ArgGroup
    FormOptions form = new FormOptions();

    /** A request for the prompt with these options. */
    GenerateRequest request(String prompt) {
        GenerateRequest.Builder request = GenerateRequest.newBuilder()
                .setPrompt(prompt)
                .setSampling(sampling())
                .addAllStop(stop);
        if (maxTokens != null) {
            request.setMaxTokens(requirePositive("--max-tokens", maxTokens));
        }
        form.constraint().ifPresent(request::setConstraint);
        return request.build();
    }

    /** A turn of a conversation without messages, with these options. */
    Turn turn() {
        Turn.Builder turn = Turn.newBuilder().setSampling(sampling()).addAllStop(stop);
        if (maxTokens != null) {
            turn.setMaxTokens(requirePositive("--max-tokens", maxTokens));
        }
        form.constraint().ifPresent(turn::setConstraint);
        return turn.build();
    }

    /** Refuses here what the request, whose numbers have no sign, could not carry to the gateway as it was given. */
    private static int requirePositive(String option, int value) {
        if (value < 1) {
            throw new WrongUsageException(option + " is " + value + "; 1 to the model's context are allowed");
        }
        return value;
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
        if (typicalP != null) {
            sampling.setTypicalP(typicalP);
        }
        if (epsilonCutoff != null) {
            sampling.setEpsilonCutoff(epsilonCutoff);
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
        if (noRepeatNgramSize != null) {
            sampling.setNoRepeatNgramSize(noRepeatNgramSize);
        }
        if (seed != null) {
            sampling.setSeed(seed);
        }
        return sampling.build();
    }
}
