package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.OptionalInt;

/**
 * Text to token ids and back.
 *
 * <p>Safe for use by several threads; an {@link IncrementalDecoder} that it hands out is not. Encoding runs native code
 * for as long as the text is long, so it does not belong on an event loop. Closing waits for calls that are under way;
 * encoding after that fails with an {@link IllegalStateException}.
 */
public sealed interface Tokenizer extends AutoCloseable permits VocabularyTokenizer {

    /**
     * Reads the tokenizer of a model: the first that a directory has of tokenizer.json, tokenizer.model (SentencePiece),
     * vocab.json with merges.txt (GPT-2, CLIP) and vocab.txt (BERT), each with tokenizer_config.json; or the vocabulary
     * inside a GGUF file.
     *
     * @param model the model's directory, the model.safetensors in it, or a GGUF file
     * @param maximalTextBytes the longest text to encode, in bytes of UTF-8
     * @throws TokenizerNotFoundException if the model has no tokenizer
     * @throws UnsupportedTokenizerException if it has one of a kind that is not supported
     * @throws MalformedTokenizerException if it breaks the rules of its format
     * @throws io.tributary.checkpoints.CheckpointException if a GGUF file cannot be read
     */
    static Tokenizer open(Path model, int maximalTextBytes) {
        return VocabularyTokenizer.of(TokenizerFiles.read(model), maximalTextBytes);
    }

    /**
     * Text to ids. Special tokens written in the text are plain text and never become special ids.
     *
     * @param addSpecialTokens whether to add what the model expects around a text
     * @throws InvalidTextException if the text is no Unicode text
     * @throws TextTooLongException if it is longer than this tokenizer takes
     */
    int[] encode(String text, boolean addSpecialTokens);

    /**
     * Ids to text; bytes that are no UTF-8 become U+FFFD, one for each maximal part of a character.
     *
     * @param skipSpecialTokens whether special tokens are left out; else they appear as they are written
     * @throws UnknownTokenException if an id is outside the vocabulary
     */
    String decode(int[] ids, boolean skipSpecialTokens);

    /**
     * The bytes that a token stands for wherever it is not the first or the last of a text, maybe a part of a character;
     * for a special token those of its name, and none for an id without a token. Where words are told apart by the
     * tokens alone, a space is among the bytes: in front of a word (BERT, its special tokens too) or behind it (CLIP).
     *
     * @throws UnknownTokenException if the id is outside the vocabulary
     */
    byte[] piece(int id);

    /** Number of ids: all are below it. */
    int vocabularySize();

    /** The id that begins a text, if the model has one. */
    OptionalInt beginningOfText();

    /** Whether {@link #encode} puts it in front when asked for special tokens. */
    boolean addsBeginningOfText();

    /** The ids of tokens that steer and have no text, unmodifiable. */
    NavigableSet<Integer> specialIds();

    /**
     * A decoder for one growing sequence.
     *
     * @param context ids in front of the sequence, whose text is not wanted but decides on spaces at the border
     * @throws UnknownTokenException if an id is outside the vocabulary
     */
    IncrementalDecoder incrementalDecoder(int[] context);

    @Override
    void close();
}
