package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.checkpoints.CheckpointException;
import io.tributary.grammars.CompiledGrammar;
import io.tributary.grammars.Grammar;
import io.tributary.grammars.InvalidGrammarException;
import io.tributary.grammars.MaskBudget;
import io.tributary.grammars.TokenVocabulary;
import io.tributary.proto.log.v1.Constraint;
import io.tributary.tokenizers.TokenPieces;
import io.tributary.tokenizers.TokenizerException;
import java.util.LinkedHashMap;
import java.util.NavigableSet;
import java.util.SequencedMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compiles constraints for the tokens of the model, one after the other on a thread of its own, so that the sessions of a
 * shard do not wait for the constraint of another; and keeps the grammars that were used last. The model's tokenizer is read
 * with the first constraint. For any thread.
 */
final class ConstraintCompiler implements AutoCloseable {
    /** Grammars that are kept beside those of live sessions. */
    static final int MOST_KEPT = 8;

    /** Constraints that may wait; a further one is refused. */
    static final int MOST_WAITING = 64;

    /** What the masks of all grammars may take together, in bytes. */
    private static final long MASK_BYTES = 256L << 20;

    private static final Logger LOG = Logger.getLogger(ConstraintCompiler.class);
    private static final byte[] NO_TEXT = {};

    private final StageModel model;
    private final Runnable onCompiled;
    private final ExecutorService compiling = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("tributary-constraints").daemon().factory());
    private final SequencedMap<Constraint, Future<CompiledGrammar>> lastUsed = new LinkedHashMap<>(16, 0.75f, true);
    private final MaskBudget masks = new MaskBudget(MASK_BYTES);
    private @Nullable TokenVocabulary vocabulary;

    /** @param onCompiled told whenever a constraint was compiled, or could not be */
    ConstraintCompiler(StageModel model, Runnable onCompiled) {
        this.model = model;
        this.onCompiled = onCompiled;
    }

    /**
     * The grammar of a constraint of a known kind. If the constraint is wrong or too costly, the model has no tokenizer, too
     * many constraints wait or the compiler is closed, then the future fails with a {@link SessionRefusedException}.
     */
    synchronized Future<CompiledGrammar> compile(Constraint constraint) {
        Future<CompiledGrammar> known = lastUsed.get(constraint);
        if (known != null && known.state() != Future.State.FAILED) {
            return known;
        }
        Future<CompiledGrammar> compiled = submit(constraint);
        if (compiled.state() == Future.State.FAILED) {
            return compiled;
        }
        lastUsed.put(constraint, compiled);
        if (lastUsed.size() > MOST_KEPT) {
            lastUsed.pollFirstEntry();
        }
        return compiled;
    }

    private Future<CompiledGrammar> submit(Constraint constraint) {
        FutureTask<CompiledGrammar> task = new FutureTask<>(() -> compileNow(constraint)) {
            @Override
            protected void done() {
                onCompiled.run();
            }
        };
        try {
            compiling.execute(task);
            return task;
        } catch (RejectedExecutionException rejected) {
            onCompiled.run();
            return CompletableFuture.failedFuture(rejection());
        }
    }

    private SessionRefusedException rejection() {
        return compiling.isShutdown()
                ? new SessionRefusedException(Code.UNAVAILABLE, "the shard is being stopped; try again")
                : new SessionRefusedException(
                        Code.RESOURCE_EXHAUSTED,
                        "%d constraints wait to be compiled, and no more may; try again".formatted(MOST_WAITING));
    }

    /** @throws SessionRefusedException if the constraint is of an unknown kind */
    static void requireKind(Constraint constraint) throws SessionRefusedException {
        if (constraint.getKindCase() == Constraint.KindCase.KIND_NOT_SET) {
            throw new SessionRefusedException(
                    Code.UNIMPLEMENTED,
                    "the constraint is of a kind that this shard does not know; it knows json_schema,"
                            + " regular_expression and gbnf");
        }
    }

    private CompiledGrammar compileNow(Constraint constraint) throws SessionRefusedException {
        try {
            Grammar grammar = grammar(constraint);
            return CompiledGrammar.of(
                    grammar, vocabulary(), model.architecture().endOfTextIds(), masks);
        } catch (InvalidGrammarException invalid) {
            throw new SessionRefusedException(Code.INVALID_ARGUMENT, "the constraint: " + invalid.getMessage());
        } catch (RuntimeException | StackOverflowError fault) {
            LOG.error("a constraint could not be compiled, by an internal error; its sessions end", fault);
            throw new SessionRefusedException(
                    Code.INTERNAL,
                    "an internal error while the constraint was compiled; the log of the last stage has the cause");
        }
    }

    private static Grammar grammar(Constraint constraint) {
        return switch (constraint.getKindCase()) {
            case JSON_SCHEMA -> Grammar.ofJsonSchema(constraint.getJsonSchema());
            case REGULAR_EXPRESSION -> Grammar.ofRegularExpression(constraint.getRegularExpression());
            case GBNF -> Grammar.ofGbnf(constraint.getGbnf());
            case KIND_NOT_SET -> throw new IllegalStateException("a constraint without a kind was to be compiled");
        };
    }

    private TokenVocabulary vocabulary() throws SessionRefusedException {
        TokenVocabulary current = vocabulary;
        if (current == null) {
            current = readVocabulary();
            vocabulary = current;
        }
        return current;
    }

    /** A model may have more logits than tokens; those beyond stand for nothing. */
    private TokenVocabulary readVocabulary() throws SessionRefusedException {
        try {
            TokenPieces pieces = TokenPieces.open(model.path());
            NavigableSet<Integer> special = pieces.specialIds();
            return TokenVocabulary.of(
                    model.architecture().vocabularySize(),
                    id -> id < pieces.size() ? pieces.piece(id) : NO_TEXT,
                    id -> id >= pieces.size() || special.contains(id));
        } catch (TokenizerException | CheckpointException unreadable) {
            throw new SessionRefusedException(
                    Code.FAILED_PRECONDITION,
                    "a constraint needs the model's tokenizer, which the last stage cannot read: "
                            + unreadable.getMessage());
        }
    }

    /** Ends the thread; constraints that wait are not compiled. */
    @Override
    public void close() {
        compiling.shutdownNow();
    }
}
