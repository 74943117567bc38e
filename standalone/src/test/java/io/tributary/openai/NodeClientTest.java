package io.tributary.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.log.ActivationLog;
import io.tributary.mesh.ChatModel;
import io.tributary.mesh.NodePackage;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mesh in one JVM, asked by OpenAI's own client for Node.js. */
@QuarkusTest
@WithTestResource(ChatModel.class)
class NodeClientTest {
    @TestHTTPResource("/v1")
    URI api = URI.create("http://unset/");

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int grpcPort;

    @Inject
    ActivationLog log;

    @Test
    void whatTheClientMakesOfTheAnswersIsWhatOpenAiWouldHaveSaid(@TempDir Path directory) throws Exception {
        JsonNode seen;
        try (Cancellations cancellations = Cancellations.follow(log, "kjv-chat")) {
            seen = NodePackage.install("openai-node", "client.mjs", directory).run(api.toString());
            assertThat(cancellations.any()).isTrue();
        }

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
}
