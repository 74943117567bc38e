package io.tributary.tokenizers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds a model's tokenizer. */
final class TokenizerFiles {
    static final String TOKENIZER_JSON = "tokenizer.json";
    static final String SENTENCE_PIECE_MODEL = "tokenizer.model";
    static final String WORD_PIECES = "vocab.txt";
    static final String CONFIGURATION = "tokenizer_config.json";
    static final String WEIGHTS_SUFFIX = ".safetensors";

    private static final long MAXIMAL_BYTES = 256L << 20;

    private TokenizerFiles() {}

    static TokenizerDefinition read(Path model) {
        if (Files.isDirectory(model)) {
            return readDirectory(model);
        }
        if (!Files.exists(model)) {
            throw new TokenizerNotFoundException(
                    "there is no model at " + model.toAbsolutePath()
                            + "; wanted is a Hugging Face directory or a GGUF file",
                    null);
        }
        if (model.toString().endsWith(WEIGHTS_SUFFIX)) {
            return readDirectory(model.toAbsolutePath().resolveSibling(""));
        }
        return GgufVocabularyReader.read(model);
    }

    private static TokenizerDefinition readDirectory(Path directory) {
        TokenizerConfiguration configuration = TokenizerConfiguration.read(directory.resolve(CONFIGURATION));
        Path json = directory.resolve(TOKENIZER_JSON);
        if (Files.exists(json)) {
            return HuggingFaceDefinition.read(json, configuration);
        }
        Path sentencePiece = directory.resolve(SENTENCE_PIECE_MODEL);
        if (Files.exists(sentencePiece)) {
            return SentencePieceModelReader.read(sentencePiece, configuration);
        }
        if (Files.exists(directory.resolve(MergesDirectory.VOCABULARY))
                && Files.exists(directory.resolve(MergesDirectory.MERGES))) {
            return MergesDirectory.read(directory, configuration);
        }
        Path wordPieces = directory.resolve(WORD_PIECES);
        if (Files.exists(wordPieces)) {
            return VocabularyTextReader.read(wordPieces, configuration);
        }
        throw new TokenizerNotFoundException(
                directory.toAbsolutePath() + " has no tokenizer; wanted is " + TOKENIZER_JSON + ", "
                        + SENTENCE_PIECE_MODEL + ", " + MergesDirectory.VOCABULARY + " with " + MergesDirectory.MERGES
                        + ", or " + WORD_PIECES,
                null);
    }

    /** The bytes of a file of a tokenizer; an absurdly large one is refused before it is read. */
    static byte[] bytes(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAXIMAL_BYTES) {
                throw new MalformedTokenizerException(
                        file, "it has " + size + " bytes; no tokenizer has more than " + MAXIMAL_BYTES);
            }
            return Files.readAllBytes(file);
        } catch (IOException failure) {
            throw new TokenizerNotFoundException("cannot read " + file + ": " + failure.getMessage(), failure);
        }
    }
}
