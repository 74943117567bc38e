package io.tributary.decoder;

import io.tributary.grammars.CompiledGrammar;
import io.tributary.proto.log.v1.Constraint;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The grammar that the text of a turn follows. It is compiled when something is to be sampled of the turn for the first time:
 * a turn that is only replayed or rebuilt never needs it. Used by the shard's thread.
 */
final class TurnGrammar {
    private final ConstraintCompiler compiler;
    private final Constraint constraint;
    private @Nullable Future<CompiledGrammar> compiled;

    /** @throws SessionRefusedException if the constraint is of an unknown kind */
    TurnGrammar(ConstraintCompiler compiler, Constraint constraint) throws SessionRefusedException {
        ConstraintCompiler.requireKind(constraint);
        this.compiler = compiler;
        this.constraint = constraint;
    }

    /** Has it compiled, if that was not asked for before. */
    void request() {
        if (compiled == null) {
            compiled = compiler.compile(constraint);
        }
    }

    /** Whether it has been compiled. */
    boolean ready() {
        return compiled != null && compiled.state() == Future.State.SUCCESS;
    }

    /**
     * What it was compiled to.
     *
     * @throws IllegalStateException if it has not been
     */
    CompiledGrammar result() {
        if (compiled == null) {
            throw new IllegalStateException("the grammar of a turn was never asked for");
        }
        return compiled.resultNow();
    }

    /** Why it could not be compiled, if it could not. */
    @Nullable
    SessionRefusedException problem() {
        return compiled != null
                        && compiled.state() == Future.State.FAILED
                        && compiled.exceptionNow() instanceof SessionRefusedException refused
                ? refused
                : null;
    }
}
