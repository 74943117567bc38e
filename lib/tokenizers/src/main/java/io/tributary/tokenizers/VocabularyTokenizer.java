package io.tributary.tokenizers;

import java.util.Arrays;
import java.util.NavigableSet;
import java.util.OptionalInt;

/** Encodes with an encoder, mostly the native engine, and decodes with a table of its own, which keeps every byte. */
final class VocabularyTokenizer implements Tokenizer {
    private final TextEncoder encoder;
    private final TextPreparation preparation;
    private final PieceTable pieces;
    private final SpecialFrame frame;
    private final int maximalTextBytes;

    private VocabularyTokenizer(TextEncoder encoder, TokenizerDefinition definition, int maximalTextBytes) {
        this.encoder = encoder;
        this.preparation = definition.preparation();
        this.pieces = definition.pieces();
        this.frame = withEngine(definition);
        this.maximalTextBytes = maximalTextBytes;
    }

    /** The definition's frame, begun by what the engine's post-processor puts in front of a text. */
    private SpecialFrame withEngine(TokenizerDefinition definition) {
        String sample = preparation.apply("a");
        int[] plain = encoder.encode(sample, false);
        int[] framed = encoder.encode(sample, true);
        int length = Math.min(plain.length, framed.length);
        boolean begins = framed.length > plain.length && !Arrays.equals(plain, 0, length, framed, 0, length);
        OptionalInt beginning = definition.frame().beginning();
        boolean isExpected = beginning.isEmpty() || (begins && beginning.getAsInt() == framed[0]);
        return begins && isExpected ? definition.frame().begunBy(framed[0]) : definition.frame();
    }

    static VocabularyTokenizer of(TokenizerDefinition definition, int maximalTextBytes) {
        if (maximalTextBytes < 1) {
            throw new IllegalArgumentException(
                    "the longest text to encode must be at least 1 byte, not " + maximalTextBytes);
        }
        TextEncoder encoder = definition.encoder().get();
        try {
            return new VocabularyTokenizer(encoder, definition, maximalTextBytes);
        } catch (RuntimeException failure) {
            encoder.close();
            throw failure;
        }
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        InputText.check(text, maximalTextBytes);
        int[] ids = encoder.encode(preparation.apply(text), addSpecialTokens);
        return addSpecialTokens ? frame.around(ids) : ids;
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
        return frame.beginning();
    }

    @Override
    public boolean addsBeginningOfText() {
        return frame.addsBeginning();
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
