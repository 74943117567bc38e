package io.tributary.decoder;

import com.google.protobuf.ByteString;
import io.tributary.grammars.GrammarState;
import io.tributary.models.sampling.TokenHistory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the last stage knows of a session besides keys and values: its tokens, where they stand in a grammar, and the state
 * behind a prompt that is being scored. An eviction leaves it. Used by the shard's thread.
 */
final class SessionText {
    private final TokenHistory history = new TokenHistory();
    private @Nullable GrammarProgress progress;
    private ByteString keptState = ByteString.EMPTY;

    /** All tokens that were computed, in order. */
    TokenHistory history() {
        return history;
    }

    /**
     * Notes the tokens at these positions, which penalties need, as far as they are not known: what lies behind the prompt of
     * their turn was generated.
     *
     * @param first position of the first token
     */
    void remember(int first, List<Integer> tokenIds, Turn ofTurn) {
        for (int index = Math.max(0, history.tokens() - first); index < tokenIds.size(); index++) {
            if (first + index < ofTurn.promptLength()) {
                history.addPrompt(tokenIds.get(index));
            } else {
                history.addGenerated(tokenIds.get(index));
            }
        }
    }

    /**
     * Where the text of a turn stands in its grammar, in front of a position; null if the text is free.
     *
     * @throws SessionRefusedException if a token before it breaks the grammar
     */
    @Nullable
    GrammarState grammarState(Turn ofTurn, int position) throws SessionRefusedException {
        TurnGrammar grammar = ofTurn.grammar();
        if (grammar == null) {
            return null;
        }
        GrammarProgress current = progress;
        if (current == null || !current.isOf(ofTurn)) {
            current = new GrammarProgress(ofTurn, grammar.result());
            progress = current;
        }
        return current.before(position, history);
    }

    /** The hidden state float32 [width] behind the last layer, of the last position of a prompt that is scored. */
    ByteString keptState() {
        return keptState;
    }

    /** Keeps the hidden state of a position that was computed: the score of the next token needs it. */
    void keepState(ByteString hidden) {
        keptState = hidden;
    }
}
