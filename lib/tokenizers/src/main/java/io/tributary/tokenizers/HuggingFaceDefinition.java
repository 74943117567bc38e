package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A Hugging Face tokenizer.json. What is handed to the engine is a copy in which no text can match a special token; ids
 * stay as they are.
 */
final class HuggingFaceDefinition {
    private final Path file;
    private final TokenizerConfiguration configuration;
    private final ObjectNode root;
    private final HuggingFaceModel model;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<AddedToken> addedTokens;
    private final Set<String> specialTexts = new HashSet<>();

    private HuggingFaceDefinition(ObjectNode root, Path file, TokenizerConfiguration configuration) {
        this.file = file;
        this.configuration = configuration;
        this.root = root;
        model = HuggingFaceModel.of(root, file);
        checkCharacterMaps();
        addedTokens = AddedToken.read(root, configuration, file);
        ids.putAll(model.ids());
        addedTokens.forEach(token -> ids.put(token.content(), token.id()));
        specialTexts.addAll(configuration.specialTexts());
        addedTokens.stream()
                .filter(AddedToken::special)
                .map(AddedToken::content)
                .forEach(specialTexts::add);
    }

    static TokenizerDefinition read(Path file, TokenizerConfiguration configuration) {
        return of(JsonFile.read(file), file, configuration);
    }

    /**
     * What the tokenizer needs to know.
     *
     * @param root the content of a tokenizer.json, which is changed
     * @param file that it was read or made from, for messages
     */
    static TokenizerDefinition of(ObjectNode root, Path file, TokenizerConfiguration configuration) {
        return new HuggingFaceDefinition(root, file, configuration).definition();
    }

    private TokenizerDefinition definition() {
        DecoderForm form = DecoderForm.of(root, file);
        OptionalInt end =
                configuration.endOfText().map(ids::get).map(OptionalInt::of).orElse(OptionalInt.empty());
        return new TokenizerDefinition(
                file,
                () -> NativeEncoder.of(encodingJson(), file),
                model.preparation(form.pieces()),
                table(form),
                new SpecialFrame(
                        beginning(),
                        configuration.addsBeginningOfText().orElse(false),
                        end,
                        configuration.addsEndOfText().orElse(false)),
                end.stream().boxed().collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The engine trusts what it is given here. */
    private void checkCharacterMaps() {
        for (JsonNode map : root.path("normalizer").findValues("precompiled_charsmap")) {
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(map.asText());
            } catch (IllegalArgumentException failure) {
                throw new MalformedTokenizerException(
                        file, "its character map is not written in base 64: " + failure.getMessage(), failure);
            }
            if (bytes.length > 0) {
                CharacterMap.read(bytes, file);
            }
        }
    }

    private OptionalInt beginning() {
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
        PieceForm pieces = form.pieces();
        PieceTable.Builder table = new PieceTable.Builder();
        ids.forEach((text, id) -> table.put(id, pieces.bytes(text)));
        for (AddedToken token : addedTokens) {
            boolean asText = token.special() || pieces.isByteLevel();
            table.put(token.id(), asText ? pieces.name(token.content()) : pieces.bytes(token.content()));
        }
        for (String text : specialTexts) {
            Integer id = ids.get(text);
            if (id != null) {
                table.put(id, pieces.name(text)).markSpecial(id);
            }
        }
        return table.build(form.border());
    }

    /** The copy for the engine. */
    private String encodingJson() {
        root.putNull("truncation");
        root.putNull("padding");
        root.putNull("decoder");
        ArrayNode kept = root.putArray("added_tokens");
        for (AddedToken token : addedTokens) {
            if (!token.special()) {
                kept.add(token.json());
                model.add(token.content(), token.id());
            }
        }
        model.hide(specialTexts);
        return JsonFile.write(root);
    }
}
