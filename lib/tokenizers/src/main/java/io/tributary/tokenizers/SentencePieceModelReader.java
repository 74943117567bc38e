package io.tributary.tokenizers;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Reads a SentencePiece tokenizer.model. Source of the field numbers: sentencepiece_model.proto. */
final class SentencePieceModelReader {
    private static final int PIECES = 1;
    private static final int TRAINER = 2;
    private static final int NORMALIZER = 3;

    private static final int PIECE_TEXT = 1;
    private static final int PIECE_SCORE = 2;
    private static final int PIECE_TYPE = 3;

    private static final int TRAINER_MODEL_TYPE = 3;
    private static final int TRAINER_SPACE_IS_SUFFIX = 24;
    private static final int TRAINER_BEGINNING_ID = 41;
    private static final int TRAINER_END_ID = 42;
    private static final int UNIGRAM = 1;
    private static final int BYTE_PAIRS = 2;

    private static final int NORMALIZER_CHARACTERS = 2;
    private static final int NORMALIZER_DUMMY_PREFIX = 3;
    private static final int NORMALIZER_EXTRA_SPACES = 4;
    private static final int NORMALIZER_ESCAPES_SPACES = 5;

    private final Path file;
    private final List<VocabularyPiece> pieces = new ArrayList<>();
    private int modelType = UNIGRAM;
    private int beginningId = 1;
    private int endId = 2;
    private byte[] characters = {};
    private boolean spaceIsSuffix;
    private boolean hasNormalizer;
    private boolean prefixesSpace = true;
    private boolean removesExtraSpaces = true;
    private boolean escapesSpaces = true;

    private SentencePieceModelReader(Path file) {
        this.file = file;
    }

    /**
     * Reads the file.
     *
     * @param configuration says what stands around a text, which the file does not; nothing said means that a text is
     *     begun by a model of byte pairs, and ended by one of unigrams
     */
    static TokenizerDefinition read(Path file, TokenizerConfiguration configuration) {
        SentencePieceModelReader reader = new SentencePieceModelReader(file);
        try {
            reader.readModel(CodedInputStream.newInstance(TokenizerFiles.bytes(file)));
        } catch (IOException failure) {
            throw new MalformedTokenizerException(
                    file, "it is no SentencePiece model: " + failure.getMessage(), failure);
        }
        reader.checkSupported();
        boolean isUnigram = reader.modelType == UNIGRAM;
        Vocabulary vocabulary = reader.vocabulary(
                configuration.addsBeginningOfText().orElse(!isUnigram),
                configuration.addsEndOfText().orElse(isUnigram));
        return isUnigram
                ? UnigramDefinition.of(vocabulary, reader.normalizer())
                : SentencePieceDefinition.of(vocabulary, reader.normalizer());
    }

    private void readModel(CodedInputStream input) throws IOException {
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case PIECES -> pieces.add(piece(input.readBytes().newCodedInput()));
                case TRAINER -> readTrainer(input.readBytes().newCodedInput());
                case NORMALIZER -> readNormalizer(input.readBytes().newCodedInput());
                default -> input.skipField(tag);
            }
        }
    }

    private VocabularyPiece piece(CodedInputStream input) throws IOException {
        String text = "";
        float score = 0;
        int type = PieceType.NORMAL.number();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case PIECE_TEXT -> text = input.readStringRequireUtf8();
                case PIECE_SCORE -> score = input.readFloat();
                case PIECE_TYPE -> type = input.readEnum();
                default -> input.skipField(tag);
            }
        }
        return new VocabularyPiece(text, PieceType.of(type, pieces.size(), file), score);
    }

    private void readTrainer(CodedInputStream input) throws IOException {
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case TRAINER_MODEL_TYPE -> modelType = input.readEnum();
                case TRAINER_SPACE_IS_SUFFIX -> spaceIsSuffix = input.readBool();
                case TRAINER_BEGINNING_ID -> beginningId = input.readInt32();
                case TRAINER_END_ID -> endId = input.readInt32();
                default -> input.skipField(tag);
            }
        }
    }

    private void readNormalizer(CodedInputStream input) throws IOException {
        hasNormalizer = true;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case NORMALIZER_CHARACTERS -> characters = input.readByteArray();
                case NORMALIZER_DUMMY_PREFIX -> prefixesSpace = input.readBool();
                case NORMALIZER_EXTRA_SPACES -> removesExtraSpaces = input.readBool();
                case NORMALIZER_ESCAPES_SPACES -> escapesSpaces = input.readBool();
                default -> input.skipField(tag);
            }
        }
    }

    private void checkSupported() {
        if (pieces.isEmpty()) {
            throw new MalformedTokenizerException(file, "it is no SentencePiece model: it has no pieces");
        }
        if (!hasNormalizer) {
            throw new MalformedTokenizerException(file, "it ends before it says how texts are normalized");
        }
        if (modelType != BYTE_PAIRS && modelType != UNIGRAM) {
            throw unsupported(
                    "SentencePiece models of type number " + modelType + " are", "the types 1 (Unigram) and 2 (BPE)");
        }
        if (!escapesSpaces) {
            throw unsupported("SentencePiece models that do not escape spaces are", "escape_whitespaces = true");
        }
    }

    private UnsupportedTokenizerException unsupported(String what, String supported) {
        return new UnsupportedTokenizerException(
                file, what + " not supported; supported are " + supported + ", or a tokenizer.json beside the file");
    }

    private SentencePieceNormalizer normalizer() {
        return new SentencePieceNormalizer(
                characters.length == 0 ? null : CharacterMap.read(characters, file),
                prefixesSpace,
                removesExtraSpaces,
                spaceIsSuffix,
                TextTrie.EMPTY);
    }

    private Vocabulary vocabulary(boolean addsBeginning, boolean addsEnd) {
        OptionalInt beginning = id(beginningId);
        OptionalInt end = id(endId);
        SpecialFrame frame =
                new SpecialFrame(beginning, addsBeginning && beginning.isPresent(), end, addsEnd && end.isPresent());
        return new Vocabulary(
                file, pieces, frame, end.isEmpty() ? Collections.emptyNavigableSet() : new TreeSet<>(Set.of(endId)));
    }

    private static OptionalInt id(int id) {
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
