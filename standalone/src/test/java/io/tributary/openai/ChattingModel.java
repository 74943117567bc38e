package io.tributary.openai;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.tributary.mesh.ShippedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The shipped model with a chat template, which it does not have of its own. */
public final class ChattingModel implements QuarkusTestResourceLifecycleManager {
    /** Short: the model has a context of 128 positions. */
    private static final String CONFIGURATION =
            """
            {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<eos>", "eos_token": "<eos>", "add_bos_token": true,
             "chat_template": "{{ bos_token }}{% for message in messages %}{{ message.content }}{% endfor %}"}
            """;

    private static final String CONFIGURATION_FILE = "tokenizer_config.json";

    @Override
    public Map<String, String> start() {
        try {
            Path model = Files.createTempDirectory("chatting").resolve("kjv-2.6m");
            Files.createDirectory(model);
            try (Stream<Path> files = Files.list(ShippedModel.PATH)) {
                for (Path file : files.toList()) {
                    Files.copy(file, model.resolve(file.getFileName()));
                }
            }
            Files.delete(model.resolve(CONFIGURATION_FILE));
            Files.writeString(model.resolve(CONFIGURATION_FILE), CONFIGURATION);
            return Map.of("tributary.model.path", model.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The copy is left to the operating system: the model is mapped into memory for as long as this JVM lives. */
    @Override
    public void stop() {}
}
