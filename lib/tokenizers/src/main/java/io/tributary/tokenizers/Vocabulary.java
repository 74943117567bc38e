package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.stream.IntStream;

/**
 * A vocabulary as a SentencePiece or GGUF file lists it.
 *
 * @param file that it was read from, for messages
 * @param pieces in the order of their ids
 * @param frame what may stand around a text: special whatever its type says
 * @param endIds ids that end a text or a turn: special whatever their type says
 */
record Vocabulary(Path file, List<VocabularyPiece> pieces, SpecialFrame frame, NavigableSet<Integer> endIds) {
    /** More than the texts of any vocabulary have together. */
    private static final int MAXIMAL_CHARS = 1 << 23;

    Vocabulary {
        long chars = pieces.stream().mapToLong(piece -> piece.text().length()).sum();
        if (chars > MAXIMAL_CHARS) {
            throw new MalformedTokenizerException(
                    file, "its pieces have " + chars + " chars; no vocabulary has more than " + MAXIMAL_CHARS);
        }
    }

    /** Whether the id steers and has no text. */
    boolean isSpecial(int id) {
        return pieces.get(id).type().isSpecial() || frame.contains(id) || endIds.contains(id);
    }

    /** Whether pieces are put together to this one. */
    boolean isMergeable(int id) {
        return pieces.get(id).type() == PieceType.NORMAL && !isSpecial(id);
    }

    /** Whether the piece is found in the text as a whole, before all others. */
    boolean isUserDefined(int id) {
        return pieces.get(id).type() == PieceType.USER_DEFINED && !isSpecial(id);
    }

    /** The texts of all pieces that are found as a whole. */
    List<String> userDefinedTexts() {
        return IntStream.range(0, pieces.size())
                .filter(this::isUserDefined)
                .mapToObj(id -> pieces.get(id).text())
                .toList();
    }

    /** The bytes behind the ids. */
    PieceTable table(PieceForm form, BorderSpace border) {
        PieceTable.Builder table = new PieceTable.Builder();
        for (int id = 0; id < pieces.size(); id++) {
            VocabularyPiece piece = pieces.get(id);
            if (isSpecial(id)) {
                table.put(id, PieceForm.literal(piece.text())).markSpecial(id);
            } else {
                table.put(id, bytes(form, piece));
            }
        }
        return table.build(border);
    }

    private static byte[] bytes(PieceForm form, VocabularyPiece piece) {
        boolean standsForItself = form == PieceForm.BYTE_LEVEL && piece.type() == PieceType.USER_DEFINED;
        return standsForItself ? PieceForm.literal(piece.text()) : form.bytes(piece.text());
    }
}
