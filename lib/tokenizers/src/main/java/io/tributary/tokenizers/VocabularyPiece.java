package io.tributary.tokenizers;

/**
 * An entry of a SentencePiece or GGUF vocabulary.
 *
 * @param score pieces with higher scores are built first; 0 where the vocabulary lists merges in place of scores
 */
record VocabularyPiece(String text, PieceType type, float score) {}
