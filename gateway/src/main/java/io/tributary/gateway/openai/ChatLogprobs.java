package io.tributary.gateway.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of an answer to a chat.
 *
 * @param content one a token
 * @param refusal models of this mesh have no text of another kind
 */
record ChatLogprobs(List<TokenLogprob> content, @Nullable List<TokenLogprob> refusal) {
    static @Nullable ChatLogprobs of(List<TokenLogprob> tokens) {
        return tokens.isEmpty() ? null : new ChatLogprobs(tokens, null);
    }
}
