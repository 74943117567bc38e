package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalInt;

/**
 * A vocabulary as a SentencePiece or GGUF file lists it.
 *
 * @param file that it was read from, for messages
 * @param pieces in the order of their ids
 * @param endIds ids that end a text or a turn: special whatever their type says
 */
record Vocabulary(
        Path file,
        List<VocabularyPiece> pieces,
        OptionalInt beginningOfText,
        boolean addsBeginningOfText,
        NavigableSet<Integer> endIds) {

    /** Whether the id steers and has no text. */
    boolean isSpecial(int id) {
        return pieces.get(id).type().isSpecial()
                || (beginningOfText.isPresent() && beginningOfText.getAsInt() == id)
                || endIds.contains(id);
    }

    /** Whether pieces are put together to this one. */
    boolean isMergeable(int id) {
        return pieces.get(id).type() == PieceType.NORMAL && !isSpecial(id);
    }

    /** Whether the piece is found in the text as a whole, before all others. */
    boolean isUserDefined(int id) {
        return pieces.get(id).type() == PieceType.USER_DEFINED && !isSpecial(id);
    }

    /** The bytes behind the ids. */
    PieceTable table(PieceForm form, boolean dropsFirstSpace) {
        PieceTable.Builder table = new PieceTable.Builder();
        for (int id = 0; id < pieces.size(); id++) {
            VocabularyPiece piece = pieces.get(id);
            if (isSpecial(id)) {
                table.put(id, PieceForm.literal(piece.text())).markSpecial(id);
            } else {
                table.put(id, bytes(form, piece));
            }
        }
        return table.build(dropsFirstSpace);
    }

    private static byte[] bytes(PieceForm form, VocabularyPiece piece) {
        boolean standsForItself = form == PieceForm.BYTE_LEVEL && piece.type() == PieceType.USER_DEFINED;
        return standsForItself ? PieceForm.literal(piece.text()) : form.bytes(piece.text());
    }
}
