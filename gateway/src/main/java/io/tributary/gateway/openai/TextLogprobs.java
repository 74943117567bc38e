package io.tributary.gateway.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a continuation, in lists of the same length.
 *
 * @param tokens their texts
 * @param tokenLogprobs natural logarithms of their probabilities
 * @param topLogprobs the most likely tokens in the place of each, by their texts
 * @param textOffset where each begins in the text
 */
record TextLogprobs(
        List<String> tokens,
        List<Float> tokenLogprobs,
        List<Map<String, Float>> topLogprobs,
        List<Integer> textOffset) {

    /** @param offset of the first token in the text */
    static TextLogprobs of(List<TokenLogprob> tokens, int offset) {
        List<Integer> offsets = new ArrayList<>();
        int at = offset;
        for (TokenLogprob token : tokens) {
            offsets.add(at);
            at += token.token().length();
        }
        return new TextLogprobs(
                tokens.stream().map(TokenLogprob::token).toList(),
                tokens.stream().map(TokenLogprob::logprob).toList(),
                tokens.stream().map(TextLogprobs::alternatives).toList(),
                offsets);
    }

    private static Map<String, Float> alternatives(TokenLogprob token) {
        Map<String, Float> alternatives = new LinkedHashMap<>();
        token.topLogprobs().forEach(top -> alternatives.putIfAbsent(top.token(), top.logprob()));
        return alternatives;
    }
}
