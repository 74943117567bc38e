package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.Collections;
import java.util.NavigableSet;

/**
 * The bytes behind the ids of a model's vocabulary, for those who constrain or inspect ids and never encode: the native
 * engine is not loaded, and neither are merges kept. Immutable.
 */
public final class TokenPieces {
    private final PieceTable pieces;
    private final NavigableSet<Integer> endOfTextIds;

    private TokenPieces(PieceTable pieces, NavigableSet<Integer> endOfTextIds) {
        this.pieces = pieces;
        this.endOfTextIds = Collections.unmodifiableNavigableSet(endOfTextIds);
    }

    /**
     * Reads the vocabulary of a model, from the files that {@link Tokenizer#open} reads.
     *
     * @param model the model's directory, the model.safetensors in it, or a GGUF file
     * @throws TokenizerNotFoundException if the model has no tokenizer
     * @throws UnsupportedTokenizerException if it has one of a kind that is not supported
     * @throws MalformedTokenizerException if it breaks the rules of its format
     * @throws io.tributary.checkpoints.CheckpointException if a GGUF file cannot be read
     */
    public static TokenPieces open(Path model) {
        TokenizerDefinition definition = TokenizerFiles.read(model);
        return new TokenPieces(definition.pieces(), definition.endsOfText());
    }

    /** Number of ids: all are below it. */
    public int size() {
        return pieces.size();
    }

    /**
     * The bytes that a token stands for wherever it is not the first or the last of a text, as {@link Tokenizer#piece} has them.
     *
     * @throws UnknownTokenException if the id is outside the vocabulary
     */
    public byte[] piece(int id) {
        return pieces.piece(id);
    }

    /** The ids of tokens that steer and have no text, unmodifiable. */
    public NavigableSet<Integer> specialIds() {
        return pieces.specialIds();
    }

    /**
     * The ids that end a text or a turn, as far as the tokenizer's own files say: a model's configuration may name more.
     * Unmodifiable.
     */
    public NavigableSet<Integer> endOfTextIds() {
        return endOfTextIds;
    }
}
