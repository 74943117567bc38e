package io.tributary.mesh;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The shipped model with a chat template, which it does not have by itself. */
public final class ChatModel implements QuarkusTestResourceLifecycleManager {
    private static final String CONFIGURATION = "tokenizer_config.json";
    private static final String TEMPLATE =
            "{{ bos_token }}{% for message in messages %}{{ message['role'] + ':' + message['content'] }}"
                    + "{% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}{{ '\\n' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}";

    private final Path directory = temporary();

    private static Path temporary() {
        try {
            return Files.createTempDirectory("kjv-chat");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Map<String, String> start() {
        try {
            write(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Map.of("tributary.model.path", directory.toString(), "tributary.model.name", "kjv-chat");
    }

    /** Writes the model to an empty directory. */
    public static void write(Path directory) throws IOException {
        for (String file : List.of("config.json", "generation_config.json", "model.safetensors", "tokenizer.json")) {
            Files.createSymbolicLink(directory.resolve(file), ShippedModel.PATH.resolve(file));
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode configuration = (ObjectNode)
                json.readTree(ShippedModel.PATH.resolve(CONFIGURATION).toFile());
        json.writeValue(directory.resolve(CONFIGURATION).toFile(), configuration.put("chat_template", TEMPLATE));
    }

    @Override
    public void stop() {
        delete(directory);
    }

    /** Deletes what {@link #write} wrote. */
    public static void delete(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
