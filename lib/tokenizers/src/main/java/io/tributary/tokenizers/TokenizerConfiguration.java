package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
 * @param file that it was read from, for messages
 * @param root what it holds
 */
record TokenizerConfiguration(Path file, ObjectNode root) {
    /** Says nothing. */
    static final TokenizerConfiguration SILENT =
            new TokenizerConfiguration(Path.of(TokenizerFiles.CONFIGURATION), JsonNodeFactory.instance.objectNode());

    private static final String BEGINNING = "bos_token";
    private static final String END = "eos_token";
    private static final String FURTHER = "additional_special_tokens";
    private static final List<String> ROLES =
            List.of(BEGINNING, END, "unk_token", "pad_token", "sep_token", "cls_token", "mask_token");

    /** Reads the file; when it is missing, nothing is said. */
    static TokenizerConfiguration read(Path file) {
        return Files.exists(file) ? new TokenizerConfiguration(file, JsonFile.read(file)) : SILENT;
    }

    /** {@code add_bos_token}; empty when it is not said. */
    Optional<Boolean> addsBeginningOfText() {
        return flag("add_bos_token");
    }

    /** {@code add_eos_token}; empty when it is not said. */
    Optional<Boolean> addsEndOfText() {
        return flag("add_eos_token");
    }

    /** The text of {@code bos_token}. */
    Optional<String> beginningOfText() {
        return text(BEGINNING);
    }

    /** The text of {@code eos_token}. */
    Optional<String> endOfText() {
        return text(END);
    }

    /** The texts of all tokens that it gives a role. */
    Set<String> specialTexts() {
        Set<String> special = new HashSet<>();
        ROLES.forEach(role -> text(role).ifPresent(special::add));
        root.path(FURTHER).forEach(token -> text(token).ifPresent(special::add));
        return special;
    }

    /** The truth of a key, if it is said. */
    Optional<Boolean> flag(String key) {
        JsonNode value = root.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw new MalformedTokenizerException(file, "'" + key + "' is " + value + "; wanted is true or false");
        }
        return Optional.of(value.booleanValue());
    }

    /** The text of a key, if it is said. */
    Optional<String> text(String key) {
        return text(root.path(key));
    }

    /** A token is written as its text, or as an object with its text as {@code content}. */
    private static Optional<String> text(JsonNode token) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        return text.isTextual() ? Optional.of(text.textValue()) : Optional.empty();
    }
}
