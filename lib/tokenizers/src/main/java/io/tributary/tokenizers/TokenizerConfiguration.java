package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a tokenizer_config.json says beyond the tokenizer itself.
 *
 * @param addsBeginningOfText {@code add_bos_token}; empty when it is not said
 * @param beginningOfText the text of {@code bos_token}
 * @param endOfText the text of {@code eos_token}
 * @param specialTexts the texts of all tokens that it gives a role
 */
record TokenizerConfiguration(
        Optional<Boolean> addsBeginningOfText,
        Optional<String> beginningOfText,
        Optional<String> endOfText,
        Set<String> specialTexts) {
    private static final String BEGINNING = "bos_token";
    private static final String END = "eos_token";
    private static final String ADDS_BEGINNING = "add_bos_token";
    private static final String FURTHER = "additional_special_tokens";
    private static final List<String> ROLES =
            List.of(BEGINNING, END, "unk_token", "pad_token", "sep_token", "cls_token", "mask_token");

    /** Reads the file; when it is missing, nothing is said. */
    static TokenizerConfiguration read(Path file) {
        if (!Files.exists(file)) {
            return new TokenizerConfiguration(Optional.empty(), Optional.empty(), Optional.empty(), Set.of());
        }
        ObjectNode root = JsonFile.read(file);
        Set<String> special = new HashSet<>();
        ROLES.forEach(role -> text(root.path(role)).ifPresent(special::add));
        root.path(FURTHER).forEach(token -> text(token).ifPresent(special::add));
        return new TokenizerConfiguration(
                truth(root.path(ADDS_BEGINNING), file),
                text(root.path(BEGINNING)),
                text(root.path(END)),
                Set.copyOf(special));
    }

    private static Optional<Boolean> truth(JsonNode value, Path file) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw new MalformedTokenizerException(
                    file, "'" + ADDS_BEGINNING + "' is " + value + "; wanted is true or false");
        }
        return Optional.of(value.booleanValue());
    }

    /** A token is written as its text, or as an object with its text as {@code content}. */
    private static Optional<String> text(JsonNode token) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        return text.isTextual() ? Optional.of(text.textValue()) : Optional.empty();
    }
}
