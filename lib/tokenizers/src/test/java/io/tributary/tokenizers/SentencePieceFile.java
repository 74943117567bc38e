package io.tributary.tokenizers;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The parts of a golden SentencePiece model, for tests that put them into other formats. */
final class SentencePieceFile {
    final List<VocabularyPiece> pieces = new ArrayList<>();
    byte[] characters = {};

    private SentencePieceFile() {}

    static SentencePieceFile named(String name) {
        SentencePieceFile file = new SentencePieceFile();
        try {
            byte[] bytes = Files.readAllBytes(Tokenizers.path(name).resolve("tokenizer.model"));
            CodedInputStream input = CodedInputStream.newInstance(bytes);
            for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> file.readPiece(input.readBytes().newCodedInput());
                    case 3 -> file.readNormalizer(input.readBytes().newCodedInput());
                    default -> input.skipField(tag);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return file;
    }

    private void readPiece(CodedInputStream input) throws IOException {
        String text = "";
        float score = 0;
        PieceType type = PieceType.NORMAL;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> text = input.readString();
                case 2 -> score = input.readFloat();
                case 3 -> type = PieceType.of(input.readEnum(), pieces.size(), Path.of("golden"));
                default -> input.skipField(tag);
            }
        }
        pieces.add(new VocabularyPiece(text, type, score));
    }

    private void readNormalizer(CodedInputStream input) throws IOException {
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 2) {
                characters = input.readByteArray();
            } else {
                input.skipField(tag);
            }
        }
    }
}
