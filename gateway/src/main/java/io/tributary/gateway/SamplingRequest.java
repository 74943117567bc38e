package io.tributary.gateway;

import io.tributary.edge.GrpcErrors;
import io.tributary.models.sampling.InvalidParameterException;
import io.tributary.models.sampling.Penalties;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.models.sampling.Truncation;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.log.v1.LogitBias;
import io.tributary.proto.log.v1.Sampling;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How the tokens of a request are chosen and reported, checked, with nothing left to a default.
 *
 * @param parameters how a token is drawn
 * @param biases what is added to logits, by ascending token id
 * @param constraint what the text must be, if it must be something
 * @param includeLogits whether tokens carry their logits
 * @param ignoreEndOfText whether tokens that end a text are generated like others
 */
record SamplingRequest(
        SamplingParameters parameters,
        List<LogitBias> biases,
        Optional<TextConstraint> constraint,
        boolean includeLogits,
        boolean ignoreEndOfText) {
    private static final int MOST_BIASES = 1024;
    private static final float LARGEST_BIAS = 100;

    /** Greedy, with that number of alternatives: what a session samples that is only to read a prompt. */
    static SamplingRequest greedy(int topLogprobs) {
        try {
            return new SamplingRequest(
                    SamplingParameters.greedy().withTopLogprobs(topLogprobs),
                    List.of(),
                    Optional.empty(),
                    false,
                    false);
        } catch (InvalidParameterException invalid) {
            throw refused(invalid);
        }
    }

    /**
     * Checks what a request says of it.
     *
     * @param seeds where a seed comes from when the request has none
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field
     */
    static SamplingRequest of(GenerateRequest request, RandomGenerator seeds) {
        return new SamplingRequest(
                parameters(request, seeds),
                biases(request.getSampling().getLogitBiasMap()),
                request.hasConstraint() ? TextConstraint.of(request.getConstraint()) : Optional.empty(),
                request.getIncludeLogits(),
                request.getIgnoreEndOfText());
    }

    private static SamplingParameters parameters(GenerateRequest request, RandomGenerator seeds) {
        var given = request.getSampling();
        try {
            return SamplingParameters.greedy()
                    .withTemperature(given.getTemperature())
                    .withTruncation(truncation(given))
                    .withPenalties(penalties(given))
                    .withSeed(given.hasSeed() ? given.getSeed() : seeds.nextLong())
                    .withTopLogprobs(request.getTopLogprobs());
        } catch (InvalidParameterException invalid) {
            throw refused(invalid);
        }
    }

    private static RuntimeException refused(InvalidParameterException invalid) {
        String field = invalid.field().equals("top_logprobs") ? "top_logprobs" : "sampling." + invalid.field();
        return GrpcErrors.invalidArgument(field, "is " + invalid.value() + " but must be " + invalid.allowed());
    }

    private static Truncation truncation(io.tributary.proto.gateway.v1.SamplingParameters given) {
        return Truncation.keepAll()
                .withTopK(given.getTopK())
                .withTopP(given.hasTopP() ? given.getTopP() : 1)
                .withMinP(given.getMinP())
                .withTypicalP(given.hasTypicalP() ? given.getTypicalP() : 1)
                .withEpsilonCutoff(given.getEpsilonCutoff());
    }

    private static Penalties penalties(io.tributary.proto.gateway.v1.SamplingParameters given) {
        return Penalties.none()
                .withRepetition(given.hasRepetitionPenalty() ? given.getRepetitionPenalty() : 1)
                .withFrequency(given.getFrequencyPenalty())
                .withPresence(given.getPresencePenalty())
                .withNoRepeatNgramSize(given.getNoRepeatNgramSize());
    }

    private static List<LogitBias> biases(Map<Integer, Float> given) {
        if (given.size() > MOST_BIASES) {
            throw GrpcErrors.invalidArgument(
                    "sampling.logit_bias",
                    "has %d entries; at most %d are allowed".formatted(given.size(), MOST_BIASES));
        }
        given.forEach(SamplingRequest::checkBias);
        return given.entrySet().stream()
                .map(entry -> LogitBias.newBuilder()
                        .setTokenId(entry.getKey())
                        .setBias(entry.getValue())
                        .build())
                .sorted(Comparator.comparingInt(LogitBias::getTokenId))
                .toList();
    }

    private static void checkBias(int id, float bias) {
        if (!(Math.abs(bias) <= LARGEST_BIAS)) {
            throw GrpcErrors.invalidArgument(
                    "sampling.logit_bias",
                    "is %s for token %s but must be -100 to 100".formatted(bias, Integer.toUnsignedString(id)));
        }
    }

    /** The ids of the tokens whose logits something is added to. */
    List<Integer> biasedIds() {
        return biases.stream().map(LogitBias::getTokenId).toList();
    }

    /** Whether tokens of earlier answers weigh differently on this one if they count as prompt. */
    boolean tellsAnswersFromPrompts() {
        Penalties penalties = parameters.penalties();
        return penalties.frequency() != 0 || penalties.presence() != 0;
    }

    /** What the last stage needs to know to sample for the request, with no value left out. */
    Sampling record() {
        Truncation truncation = parameters.truncation();
        Penalties penalties = parameters.penalties();
        Sampling.Builder sampling = Sampling.newBuilder()
                .setTemperature(parameters.temperature())
                .setTopK(truncation.topK())
                .setTopP(truncation.topP())
                .setMinP(truncation.minP())
                .setTypicalP(truncation.typicalP())
                .setEpsilonCutoff(truncation.epsilonCutoff())
                .setRepetitionPenalty(penalties.repetition())
                .setFrequencyPenalty(penalties.frequency())
                .setPresencePenalty(penalties.presence())
                .setNoRepeatNgramSize(penalties.noRepeatNgramSize())
                .setSeed(parameters.seed())
                .setTopLogprobs(parameters.topLogprobs())
                .setIncludeLogits(includeLogits)
                .setIgnoreEndOfText(ignoreEndOfText)
                .addAllLogitBias(biases);
        constraint.ifPresent(text -> sampling.setConstraint(text.record()));
        return sampling.build();
    }
}
