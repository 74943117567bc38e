package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.checkpoints.CheckpointException;
import io.tributary.grammars.CompiledGrammar;
import io.tributary.grammars.Grammar;
import io.tributary.grammars.InvalidGrammarException;
import io.tributary.grammars.TokenVocabulary;
import io.tributary.proto.log.v1.Constraint;
import io.tributary.tokenizers.TokenPieces;
import io.tributary.tokenizers.TokenizerException;
import java.util.LinkedHashMap;
import java.util.NavigableSet;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiles constraints for the tokens of the model, and keeps the grammars that were used last. The model's tokenizer is
 * read with the first constraint. For any thread.
 */
final class ConstraintCompiler {
    /** Grammars that are kept beside those of live sessions. */
    static final int MOST_KEPT = 16;

    private static final byte[] NO_TEXT = {};

    private final StageModel model;
    private final SequencedMap<Constraint, CompiledGrammar> lastUsed = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable TokenVocabulary vocabulary;

    ConstraintCompiler(StageModel model) {
        this.model = model;
    }

    /**
     * The grammar of a constraint.
     *
     * @throws SessionRefusedException if it is wrong, too costly or of an unknown kind, or if the model has no tokenizer
     */
    synchronized CompiledGrammar compile(Constraint constraint) throws SessionRefusedException {
        CompiledGrammar known = lastUsed.get(constraint);
        if (known != null) {
            return known;
        }
        CompiledGrammar compiled = compileAnew(constraint);
        lastUsed.put(constraint, compiled);
        if (lastUsed.size() > MOST_KEPT) {
            lastUsed.pollFirstEntry();
        }
        return compiled;
    }

    private CompiledGrammar compileAnew(Constraint constraint) throws SessionRefusedException {
        try {
            Grammar grammar = grammar(constraint);
            return CompiledGrammar.of(
                    grammar, vocabulary(), model.architecture().endOfTextIds());
        } catch (InvalidGrammarException invalid) {
            throw new SessionRefusedException(Code.INVALID_ARGUMENT, "the constraint: " + invalid.getMessage());
        }
    }

    private static Grammar grammar(Constraint constraint) throws SessionRefusedException {
        return switch (constraint.getKindCase()) {
            case JSON_SCHEMA -> Grammar.ofJsonSchema(constraint.getJsonSchema());
            case REGULAR_EXPRESSION -> Grammar.ofRegularExpression(constraint.getRegularExpression());
            case GBNF -> Grammar.ofGbnf(constraint.getGbnf());
            case KIND_NOT_SET ->
                throw new SessionRefusedException(
                        Code.UNIMPLEMENTED,
                        "the constraint is of a kind that this shard does not know; it knows json_schema,"
                                + " regular_expression and gbnf");
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
}
