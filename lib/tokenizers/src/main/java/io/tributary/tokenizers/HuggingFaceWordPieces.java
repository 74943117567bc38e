package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** WordPiece: the longest entries from left to right, as BERT has it; a word that cannot be cut is unknown. */
final class HuggingFaceWordPieces implements HuggingFaceModel {
    static final String TYPE = "WordPiece";
    static final String UNKNOWN = "unk_token";

    private final ObjectNode vocabulary;
    private final Map<String, Integer> ids;
    private final String unknown;

    HuggingFaceWordPieces(ObjectNode model, Path file) {
        vocabulary = JsonFile.object(model, "vocab", file);
        ids = JsonFile.ids(vocabulary, file);
        unknown = model.path(UNKNOWN).asText("");
        if (!ids.containsKey(unknown)) {
            throw new MalformedTokenizerException(
                    file, "the token for unknown words is '" + unknown + "', which is not in the vocabulary");
        }
    }

    @Override
    public Map<String, Integer> ids() {
        return ids;
    }

    @Override
    public TextPreparation preparation(PieceForm form) {
        return TextPreparation.NONE;
    }

    @Override
    public void add(String text, int id) {
        vocabulary.put(text, id);
    }

    @Override
    public void hide(Set<String> texts) {
        texts.stream().filter(text -> !text.equals(unknown)).forEach(vocabulary::remove);
    }
}
