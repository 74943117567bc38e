package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.mesh.ShippedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** `tributary models` with directories, and with gateways that are not there. */
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
    void aModelOfAnUnknownArchitectureHidesNoOther() throws IOException {
        Path copy = new DamagedModels(directory)
                .shipped(
                        "config.json",
                        bytes -> new String(bytes, StandardCharsets.UTF_8)
                                .replaceFirst("\"model_type\": *\"[a-z0-9]+\"", "\"model_type\": \"perceptron\"")
                                .replaceFirst("\"[A-Za-z0-9]+ForCausalLM\"", "\"Perceptron\"")
                                .getBytes(StandardCharsets.UTF_8));

        CommandResult result = CommandProcess.run("models", copy.toString(), ShippedModel.PATH.toString());

        assertThat(result.messages())
                .singleElement()
                .asString()
                .contains(copy.toString())
                .containsIgnoringCase("perceptron");
        assertThat(result.output()).contains("kjv-2-6m");
        assertThat(result.status()).isZero();
    }

    @Test
    void aModelWithABrokenTemplateIsNotForChats() throws IOException {
        Path copy = new DamagedModels(directory).shipped("none", bytes -> bytes);
        Files.writeString(copy.resolve("chat_template.jinja"), "{% if %}");

        CommandResult result = CommandProcess.run("models", "--json", copy.toString());

        assertThat(new ObjectMapper()
                        .readTree(result.output())
                        .get(0)
                        .get("use")
                        .asText())
                .isEqualTo("text");
        assertThat(result.messages()).isEmpty();
        assertThat(result.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"secret, 0.0.0.0:1, true", "secret, 127.0.0.1:1, false", "' ', 0.0.0.0:1, false"})
    void aKeyThatGoesUnencryptedToAnotherMachineIsWarnedOf(String key, String gateway, boolean warned) {
        CommandResult result =
                CommandProcess.run(Map.of("TRIBUTARY_API_KEY", key), "models", "--gateway", gateway + "," + gateway);

        assertThat(result.messages()).last().asString().contains("no connection to a gateway at " + gateway);
        assertThat(result.messages().stream().filter(message -> message.contains("not encrypted")))
                .hasSize(warned ? 1 : 0);
    }

    @Test
    void aDirectoryThatIsNotThereIsWrongUsage() {
        CommandResult result =
                CommandProcess.run("models", directory.resolve("none").toString());

        assertThat(result.messages()).singleElement().asString().contains("none");
        assertThat(result.status()).isEqualTo(2);
    }
}
