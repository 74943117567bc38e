package io.tributary.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.mesh.ChatModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mesh in one JVM, asked by OpenAI's own client for Node.js. */
@QuarkusTest
@WithTestResource(ChatModel.class)
class NodeClientTest {
    private static final int INSTALL_SECONDS = 120;
    private static final int ASK_SECONDS = 120;

    @TestHTTPResource("/v1")
    URI api = URI.create("http://unset/");

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int grpcPort;

    @Test
    void whatTheClientMakesOfTheAnswersIsWhatOpenAiWouldHaveSaid(@TempDir Path directory) throws Exception {
        JsonNode seen = ask(directory);

        assertThat(seen.at("/models/0").textValue()).isEqualTo("kjv-chat");
        assertThat(seen.get("whole").textValue()).isNotBlank();
        assertThat(seen.get("streamed")).isEqualTo(seen.get("whole"));
        assertThat(seen.at("/usage/completion_tokens").intValue()).isEqualTo(12);
        assertThat(seen.get("streamedUsage")).isEqualTo(seen.get("usage"));
        assertThat(seen.at("/called/finish_reason").textValue()).isEqualTo("tool_calls");
        assertThat(seen.at("/called/message/tool_calls/0/function/name").textValue())
                .isEqualTo("anoint");
        assertThat(seen.at("/streamedCall/arguments"))
                .isEqualTo(seen.at("/called/message/tool_calls/0/function/arguments"));
        assertThat(seen.at("/formed/king").textValue()).isIn("Saul", "David");
        assertThat(IntStream.range(0, seen.get("embedding").size())
                        .mapToDouble(index -> seen.get("embedding").get(index).doubleValue())
                        .map(value -> value * value)
                        .sum())
                .isBetween(0.999, 1.001);
        assertThat(seen.get("wrongValue").toString())
                .isEqualTo("{\"kind\":\"BadRequestError\",\"status\":400,\"code\":null,\"param\":\"top_p\"}");
        assertThat(seen.get("wrongModel").toString())
                .isEqualTo(
                        "{\"kind\":\"NotFoundError\",\"status\":404,\"code\":\"model_not_found\",\"param\":\"model\"}");
        assertThat(seen.at("/tooLong/code").textValue()).isEqualTo("context_length_exceeded");
        try (LiveSessions sessions = LiveSessions.at(grpcPort)) {
            sessions.awaitNone();
        }
    }

    private JsonNode ask(Path directory) throws Exception {
        for (String file : List.of("package.json", "package-lock.json", "client.mjs")) {
            try (InputStream resource =
                    Objects.requireNonNull(NodeClientTest.class.getResourceAsStream("/openai-node/" + file), file)) {
                Files.copy(resource, directory.resolve(file));
            }
        }
        assumeTrue(runs(directory, "node", "--version"), "Node.js is not installed");
        assumeTrue(
                runs(directory, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"),
                "npm is not installed, or its registry is not reachable");
        Path output = directory.resolve("output");
        Process node = new ProcessBuilder("node", "client.mjs", api.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(node.waitFor(ASK_SECONDS, TimeUnit.SECONDS))
                .as("the client has ended")
                .isTrue();
        String said = Files.readString(output);
        assertThat(node.exitValue()).as(said).isZero();
        return new ObjectMapper().readTree(said);
    }

    /** Whether a program could be run to a good end. */
    private static boolean runs(Path directory, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            if (process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException absent) {
            return false;
        }
    }
}
