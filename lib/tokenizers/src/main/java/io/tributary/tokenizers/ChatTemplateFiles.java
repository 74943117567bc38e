package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model's files say about chats.
 *
 * @param template the source of its template
 * @param toolTemplate the source of another one for conversations with tools
 * @param architecture {@code model_type}, or {@code general.architecture}; may be empty
 * @param tokens texts of tokens with a role, by the names of their variables
 * @param stripsBefore control tokens that swallow the white space in front of them
 * @param stripsAfter control tokens that swallow the white space after them
 */
record ChatTemplateFiles(
        Optional<String> template,
        Optional<String> toolTemplate,
        String architecture,
        Map<String, String> tokens,
        Set<String> stripsBefore,
        Set<String> stripsAfter) {
    private static final String TEMPLATE_FILE = "chat_template.jinja";
    private static final String TOOL_TEMPLATE_FILE = "additional_chat_templates/tool_use.jinja";
    private static final String TEMPLATE = "chat_template";
    private static final String DEFAULT_NAME = "default";
    private static final String TOOL_NAME = "tool_use";
    private static final String GGUF_TEMPLATE = "tokenizer.chat_template";
    private static final String TOKEN_SUFFIX = "_token";

    static ChatTemplateFiles read(Path model, Tokenizer tokenizer) {
        if (Files.isDirectory(model)) {
            return readDirectory(model);
        }
        return model.toString().endsWith(TokenizerFiles.WEIGHTS_SUFFIX)
                ? readDirectory(model.toAbsolutePath().resolveSibling(""))
                : readGguf(model, tokenizer);
    }

    private static ChatTemplateFiles readDirectory(Path directory) {
        ObjectNode configuration = objectOrEmpty(directory.resolve(TokenizerFiles.CONFIGURATION));
        JsonNode written = configuration.path(TEMPLATE);
        Map<String, String> tokens = new HashMap<>();
        configuration.properties().forEach(entry -> {
            String text = tokenText(entry.getValue());
            if (entry.getKey().endsWith(TOKEN_SUFFIX) && text != null) {
                tokens.put(entry.getKey(), text);
            }
        });
        return new ChatTemplateFiles(
                text(directory.resolve(TEMPLATE_FILE)).or(() -> named(written, DEFAULT_NAME)),
                text(directory.resolve(TOOL_TEMPLATE_FILE)).or(() -> named(written, TOOL_NAME)),
                objectOrEmpty(directory.resolve("config.json"))
                        .path("model_type")
                        .asText(),
                tokens,
                stripping(configuration, "lstrip"),
                stripping(configuration, "rstrip"));
    }

    /** A template is written alone, or as one of a list of objects with {@code name} and {@code template}. */
    private static Optional<String> named(JsonNode written, String name) {
        if (written.isTextual()) {
            return name.equals(DEFAULT_NAME) ? Optional.of(written.textValue()) : Optional.empty();
        }
        for (JsonNode each : written) {
            if (each.path("name").asText().equals(name) && each.path("template").isTextual()) {
                return Optional.of(each.path("template").textValue());
            }
        }
        return Optional.empty();
    }

    private static @Nullable String tokenText(JsonNode token) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        return text.isTextual() ? text.textValue() : null;
    }

    private static Set<String> stripping(ObjectNode configuration, String side) {
        Set<String> stripping = new HashSet<>();
        configuration.path("added_tokens_decoder").forEach(token -> {
            if (token.path(side).asBoolean()) {
                stripping.add(token.path("content").asText());
            }
        });
        return stripping;
    }

    private static ObjectNode objectOrEmpty(Path file) {
        return Files.exists(file) ? JsonFile.read(file) : JsonFile.empty();
    }

    private static Optional<String> text(Path file) {
        return Files.exists(file)
                ? Optional.of(new String(TokenizerFiles.bytes(file), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private static ChatTemplateFiles readGguf(Path file, Tokenizer tokenizer) {
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(file)) {
            GgufMetadata metadata = checkpoint.metadata();
            Map<String, String> tokens = new HashMap<>();
            for (String role : Set.of("bos", "eos")) {
                metadata.optionalInteger("tokenizer.ggml." + role + "_token_id")
                        .ifPresent(id -> tokens.put(
                                role + TOKEN_SUFFIX, tokenizer.decode(new int[] {Math.toIntExact(id)}, false)));
            }
            return new ChatTemplateFiles(
                    metadata.optionalString(GGUF_TEMPLATE),
                    metadata.optionalString(GGUF_TEMPLATE + "." + TOOL_NAME),
                    metadata.optionalString("general.architecture").orElse(""),
                    tokens,
                    Set.of(),
                    Set.of());
        }
    }
}
