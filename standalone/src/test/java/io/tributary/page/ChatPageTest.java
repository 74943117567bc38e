package io.tributary.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.mesh.ChatModel;
import io.tributary.mesh.NodePackage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chat page as a browser without a screen shows it, of a model that answers conversations. */
@QuarkusTest
@WithTestResource(ChatModel.class)
class ChatPageTest {
    private static final int TOKENS = 24;

    @TestHTTPResource("/")
    URI page = URI.create("http://unset/");

    private static Optional<Path> browser() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Test
    void aPersonTalksStopsEditsAndSeesHowLikelyTokensWere(@TempDir Path directory) throws Exception {
        assumeTrue(browser().isPresent(), "no Chromium is installed");
        Path screenshot = Path.of("target", "chat-page.png").toAbsolutePath();
        JsonNode seen = NodePackage.install("chat-page", "page.mjs", directory)
                .run(page.toString(), browser().orElseThrow().toString(), screenshot.toString());

        assertThat(seen.get("problems")).as("errors of the page").isEmpty();
        assertThat(seen.get("model").textValue()).isEqualTo("kjv-chat");
        assertThat(seen.get("answer").textValue()).isNotBlank();
        assertThat(seen.get("tokens").intValue()).isBetween(TOKENS / 2, TOKENS);
        assertThat(seen.get("figures").textValue())
                .matches(
                        "first token after \\d+\\.\\d\\d s · \\d+\\.\\d tokens/s · \\d+ prompt tokens, \\d+ generated · .+");
        assertThat(seen.get("alternatives")).hasSizeGreaterThanOrEqualTo(5);
        assertThat(seen.get("chosen").textValue()).matches(".+\\d+\\.\\d %");
        assertThat(seen.get("edited").textValue()).isEqualTo("In the beginning");
        assertThat(seen.get("messagesAfterEdit").intValue()).isZero();
        assertThat(seen.get("secondAnswer").textValue())
                .isNotBlank()
                .isNotEqualTo(seen.get("answer").textValue());
        assertThat(seen.get("stopped").textValue()).endsWith("stopped by you");
        assertThat(seen.get("tokensBeforeStop").intValue()).isBetween(1, TOKENS - 1);
        assertThat(seen.get("refusal").textValue()).contains("top_p").contains("7");
        assertThat(seen.get("sentAfterRefusal"))
                .singleElement()
                .extracting(JsonNode::textValue)
                .isEqualTo("And the king");
        assertThat(seen.get("modelAfterDamage").textValue()).isEqualTo("kjv-chat");
        assertThat(screenshot).isNotEmptyFile();
    }

    @Test
    void thePageLoadsNothingFromElsewhere() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-security-policy").orElse(""))
                    .contains("default-src 'self'");
            assertThat(response.body()).doesNotContain("http://").doesNotContain("https://");
        }
    }
}
