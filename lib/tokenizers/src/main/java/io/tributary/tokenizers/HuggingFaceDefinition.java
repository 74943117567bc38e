package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A Hugging Face tokenizer.json of type BPE. What is handed to the engine is a copy in which no text can match a special
 * token; ids stay as they are.
 */
final class HuggingFaceDefinition {
    private static final String BYTE_PAIRS = "BPE";
    private static final String UNKNOWN = "unk_token";

    private final Path file;
    private final TokenizerConfiguration configuration;
    private final ObjectNode root;
    private final ObjectNode model;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<AddedToken> addedTokens;
    private final Set<String> specialTexts = new HashSet<>();

    private HuggingFaceDefinition(Path file, TokenizerConfiguration configuration) {
        this.file = file;
        this.configuration = configuration;
        root = JsonFile.read(file);
        model = JsonFile.object(root, "model", file);
        checkModel();
        JsonFile.object(model, "vocab", file)
                .properties()
                .forEach(entry -> ids.put(entry.getKey(), JsonFile.id(entry.getValue(), entry.getKey(), file)));
        addedTokens = AddedToken.read(root, configuration, file);
        addedTokens.forEach(token -> ids.put(token.content(), token.id()));
        specialTexts.addAll(configuration.specialTexts());
        addedTokens.stream()
                .filter(AddedToken::special)
                .map(AddedToken::content)
                .forEach(specialTexts::add);
    }

    static TokenizerDefinition read(Path file, TokenizerConfiguration configuration) {
        return new HuggingFaceDefinition(file, configuration).definition();
    }

    private void checkModel() {
        String type = model.path("type").asText(model.has("merges") ? BYTE_PAIRS : "");
        if (!type.equals(BYTE_PAIRS)) {
            throw new UnsupportedTokenizerException(
                    file, "the model type '" + type + "' is not supported yet; supported is " + BYTE_PAIRS);
        }
    }

    private TokenizerDefinition definition() {
        DecoderForm form = DecoderForm.of(root, file);
        PieceTable table = table(form);
        if (form.pieces() == PieceForm.BYTE_LEVEL && !model.path(UNKNOWN).isTextual()) {
            ByteLevelDefinition.checkAlphabet(ids.keySet(), file);
        }
        OptionalInt beginning = beginningOfText();
        return new TokenizerDefinition(
                file,
                this::encodingJson,
                TextPreparation.NONE,
                table,
                beginning,
                configuration.addsBeginningOfText().orElse(false),
                configuration.endOfText().map(ids::get).stream().collect(Collectors.toCollection(TreeSet::new)));
    }

    private OptionalInt beginningOfText() {
        if (configuration.beginningOfText().isEmpty()) {
            return OptionalInt.empty();
        }
        String text = configuration.beginningOfText().get();
        Integer id = ids.get(text);
        if (id == null) {
            throw new MalformedTokenizerException(
                    file, "bos_token in " + TokenizerFiles.CONFIGURATION + " is '" + text + "', which is no token");
        }
        return OptionalInt.of(id);
    }

    private PieceTable table(DecoderForm form) {
        PieceTable.Builder table = new PieceTable.Builder();
        ids.forEach((text, id) -> table.put(id, form.pieces().bytes(text)));
        for (AddedToken token : addedTokens) {
            boolean asText = token.special() || form.pieces() == PieceForm.BYTE_LEVEL;
            table.put(
                    token.id(),
                    asText ? PieceForm.literal(token.content()) : form.pieces().bytes(token.content()));
        }
        for (String text : specialTexts) {
            Integer id = ids.get(text);
            if (id != null) {
                table.put(id, PieceForm.literal(text)).markSpecial(id);
            }
        }
        return table.build(form.dropsFirstSpace());
    }

    /**
     * Turns the JSON into the copy for the engine. Added tokens that are not special go into the vocabulary as well: the
     * engine gives those that are not in it ids in order, which would shift when special ones are taken away.
     */
    private String encodingJson() {
        root.putNull("truncation");
        root.putNull("padding");
        root.putNull("decoder");
        model.putNull("dropout");
        ObjectNode vocabulary = JsonFile.object(model, "vocab", file);
        ArrayNode kept = root.putArray("added_tokens");
        for (AddedToken token : addedTokens) {
            if (!token.special()) {
                kept.add(token.json());
                vocabulary.put(token.content(), token.id());
            }
        }
        String unknown = model.path(UNKNOWN).asText("");
        specialTexts.stream().filter(text -> !text.equals(unknown)).forEach(vocabulary::remove);
        if (model.get("merges") instanceof ArrayNode merges) {
            merges.removeIf(this::makesOrUsesSpecial);
        }
        return JsonFile.write(root);
    }

    /** A merge is written as two texts with one space between them, or as an array of the two. */
    private boolean makesOrUsesSpecial(JsonNode merge) {
        String left;
        String right;
        if (merge.isArray()) {
            left = merge.path(0).asText();
            right = merge.path(1).asText();
        } else {
            String written = merge.asText();
            int space = written.indexOf(' ', 1);
            left = space < 0 ? written : written.substring(0, space);
            right = space < 0 ? "" : written.substring(space + 1);
        }
        return specialTexts.contains(left) || specialTexts.contains(right) || specialTexts.contains(left + right);
    }
}
