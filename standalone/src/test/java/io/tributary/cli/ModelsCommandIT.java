package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `tributary models` with directories. */
class ModelsCommandIT {
    @TempDir
    Path directory = Path.of("");

    @Test
    void theShippedModelIsListed() throws IOException {
        CommandResult result = CommandProcess.run("models", "--json");

        JsonNode model = new ObjectMapper().readTree(result.output()).get(0);
        assertThat(model.get("name").asText()).isEqualTo("kjv-2-6m");
        assertThat(model.get("context_length").asInt()).isEqualTo(128);
        assertThat(model.get("bytes").asLong()).isPositive();
        assertThat(result.status()).isZero();
    }

    @Test
    void whatCannotBeReadIsSaidAndHidesNothing() throws IOException {
        Files.writeString(directory.resolve("broken.gguf"), "no model");

        CommandResult result = CommandProcess.run(
                "models",
                directory.toString(),
                Path.of(System.getProperty("tributary.root"), "models").toString());

        assertThat(result.messages()).singleElement().asString().contains("broken.gguf");
        assertThat(result.output()).contains("kjv-2-6m");
        assertThat(result.status()).isZero();
    }

    @Test
    void aDirectoryThatIsNotThereIsWrongUsage() {
        CommandResult result =
                CommandProcess.run("models", directory.resolve("none").toString());

        assertThat(result.messages()).singleElement().asString().contains("none");
        assertThat(result.status()).isEqualTo(2);
    }
}
