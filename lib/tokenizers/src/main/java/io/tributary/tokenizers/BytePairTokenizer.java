package io.tributary.tokenizers;

import java.util.NavigableSet;
import java.util.OptionalInt;

/** Encodes with the native engine and decodes with a table of its own, which keeps every byte. */
final class BytePairTokenizer implements Tokenizer {
    private final BytePairEncoder encoder;
    private final TextPreparation preparation;
    private final PieceTable pieces;
    private final OptionalInt beginningOfText;
    private final boolean addsBeginningOfText;
    private final int maximalTextBytes;

    private BytePairTokenizer(BytePairEncoder encoder, TokenizerDefinition definition, int maximalTextBytes) {
        int[] aroundNothing = encoder.encode("", true);
        boolean engineBegins = aroundNothing.length > 0
                && aroundNothing[0] < definition.pieces().size()
                && definition.pieces().isSpecial(aroundNothing[0]);
        this.encoder = encoder;
        this.preparation = definition.preparation();
        this.pieces = definition.pieces();
        this.beginningOfText = definition.beginningOfText().isEmpty() && engineBegins
                ? OptionalInt.of(aroundNothing[0])
                : definition.beginningOfText();
        this.addsBeginningOfText =
                definition.addsBeginningOfText() || (engineBegins && beginningOfText.getAsInt() == aroundNothing[0]);
        this.maximalTextBytes = maximalTextBytes;
    }

    static BytePairTokenizer of(TokenizerDefinition definition, int maximalTextBytes) {
        if (maximalTextBytes < 1) {
            throw new IllegalArgumentException(
                    "the longest text to encode must be at least 1 byte, not " + maximalTextBytes);
        }
        BytePairEncoder encoder = BytePairEncoder.of(definition.encodingJson().get(), definition.file());
        try {
            return new BytePairTokenizer(encoder, definition, maximalTextBytes);
        } catch (RuntimeException failure) {
            encoder.close();
            throw failure;
        }
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        InputText.check(text, maximalTextBytes);
        int[] ids = encoder.encode(preparation.apply(text), addSpecialTokens);
        return addSpecialTokens && addsBeginningOfText ? begun(ids) : ids;
    }

    /** The ids with the beginning of text in front, which the engine's post-processor may have put there already. */
    private int[] begun(int[] ids) {
        int beginning = beginningOfText.orElseThrow();
        if (ids.length > 0 && ids[0] == beginning) {
            return ids;
        }
        int[] begun = new int[ids.length + 1];
        begun[0] = beginning;
        System.arraycopy(ids, 0, begun, 1, ids.length);
        return begun;
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        IncrementalDecoder decoder = new IncrementalDecoder(pieces, skipSpecialTokens);
        return decoder.append(ids).concat(decoder.finish());
    }

    @Override
    public byte[] piece(int id) {
        return pieces.piece(id);
    }

    @Override
    public int vocabularySize() {
        return pieces.size();
    }

    @Override
    public OptionalInt beginningOfText() {
        return beginningOfText;
    }

    @Override
    public boolean addsBeginningOfText() {
        return addsBeginningOfText;
    }

    @Override
    public NavigableSet<Integer> specialIds() {
        return pieces.specialIds();
    }

    @Override
    public IncrementalDecoder incrementalDecoder(int[] context) {
        IncrementalDecoder decoder = new IncrementalDecoder(pieces, true);
        decoder.append(context);
        return decoder;
    }

    @Override
    public void close() {
        encoder.close();
    }
}
