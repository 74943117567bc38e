package io.tributary.tokenizers;

/** A SentencePiece vocabulary of type Unigram. */
final class UnigramDefinition {
    private UnigramDefinition() {}

    /**
     * What the tokenizer needs to know.
     *
     * @param normalizer what is done to a text first
     */
    static TokenizerDefinition of(Vocabulary vocabulary, SentencePieceNormalizer normalizer) {
        return new TokenizerDefinition(
                vocabulary.file(),
                () -> UnigramEncoder.of(vocabulary),
                normalizer.keeping(vocabulary.userDefinedTexts()),
                vocabulary.table(PieceForm.SENTENCE_PIECE, normalizer.borderSpace()),
                vocabulary.frame(),
                vocabulary.endIds());
    }
}
