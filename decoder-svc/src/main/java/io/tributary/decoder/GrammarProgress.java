package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.grammars.CompiledGrammar;
import io.tributary.grammars.GrammarState;
import io.tributary.models.sampling.TokenHistory;

/**
 * How far the generated text of a turn has come in the grammar that it follows. It is derived from the session's tokens
 * alone, when the next one is to be sampled: so it needs no care in replays, rebuilds and evictions. Used by the shard's
 * thread.
 */
final class GrammarProgress {
    private final Turn turn;
    private GrammarState state;
    private int next;

    /** @param grammar of the turn */
    GrammarProgress(Turn turn, CompiledGrammar grammar) {
        this.turn = turn;
        this.state = grammar.start();
        this.next = turn.promptLength();
    }

    /** Whether it is the progress of this turn. */
    boolean isOf(Turn other) {
        return turn.equals(other);
    }

    /**
     * The state in front of a position, which is not before that of the last call.
     *
     * @param history the tokens before it
     * @throws SessionRefusedException if one of the turn's tokens breaks the grammar
     * @throws io.tributary.grammars.InvalidGrammarException if the grammar turns out to cost too much
     */
    GrammarState before(int position, TokenHistory history) throws SessionRefusedException {
        while (next < position) {
            int token = history.token(next);
            try {
                state = state.next(token);
            } catch (IllegalStateException broken) {
                throw new SessionRefusedException(
                        Code.INTERNAL,
                        "token %d at position %d is none that the session's constraint allows there"
                                .formatted(token, next));
            }
            next++;
        }
        return state;
    }
}
