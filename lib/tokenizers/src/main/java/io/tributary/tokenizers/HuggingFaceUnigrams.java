package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Unigrams: entries with scores, whose ids are their places in a list. */
final class HuggingFaceUnigrams implements HuggingFaceModel {
    static final String TYPE = "Unigram";

    /** A real space, which no text has once its spaces are escaped: what begins so is never found. */
    private static final String UNFINDABLE = " ";

    private static final int MAXIMAL_GAP = 1 << 16;

    private final Path file;
    private final ArrayNode vocabulary;
    private final Map<String, Integer> ids = new HashMap<>();

    HuggingFaceUnigrams(ObjectNode model, Path file) {
        if (!(model.get("vocab") instanceof ArrayNode entries) || entries.size() > PieceTable.Builder.MAXIMAL_SIZE) {
            throw new MalformedTokenizerException(file, "'vocab' is no list of pieces with their scores");
        }
        this.file = file;
        vocabulary = entries;
        for (int id = 0; id < entries.size(); id++) {
            JsonNode entry = entries.get(id);
            if (!entry.path(0).isTextual() || !entry.path(1).isNumber()) {
                throw new MalformedTokenizerException(
                        file, "the entry " + id + " of 'vocab' is " + entry + "; wanted is [piece, score]");
            }
            ids.putIfAbsent(entry.path(0).textValue(), id);
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
        if (id - vocabulary.size() > MAXIMAL_GAP) {
            throw new MalformedTokenizerException(
                    file,
                    "the id of the token '" + text + "' is " + id + ", more than " + MAXIMAL_GAP + " behind the "
                            + vocabulary.size() + " entries of 'vocab'");
        }
        while (vocabulary.size() <= id) {
            vocabulary.addArray().add(UNFINDABLE + vocabulary.size()).add(0);
        }
        vocabulary.set(id, vocabulary.arrayNode().add(text).add(0));
    }

    @Override
    public void hide(Set<String> texts) {
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.get(id) instanceof ArrayNode entry
                    && texts.contains(entry.path(0).asText())) {
                entry.set(0, UNFINDABLE + entry.path(0).asText());
            }
        }
    }
}
