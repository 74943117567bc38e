package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The programs of docs/examples do what docs/clients.md says. */
@QuarkusTest
@WithTestResource(ChatModel.class)
class ExamplesTest {
    private static final ShippedModel EXPECTED = ShippedModel.expected();

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    /** Of the HTTP server. */
    @ConfigProperty(name = "test.url")
    String http = "";

    @Test
    void javaStreamsAGeneration() throws Exception {
        assertContinues(ExampleProgram.java("Generate.java", address(), EXPECTED.prompt()));
    }

    @Test
    void javaHoldsAConversation() throws Exception {
        String output = ExampleProgram.java("Chat.java", address(), "In the beginning", "And God said");

        assertThat(output.lines())
                .hasSize(3)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("turn 1 (0 of "),
                        second -> assertThat(second).startsWith("turn 2 ("),
                        edited -> assertThat(edited).startsWith("turn 3 (0 of "));
    }

    @Test
    void nodeStreamsAGeneration() throws Exception {
        assertContinues(ExampleProgram.node("generate.js", address(), EXPECTED.prompt()));
    }

    @Test
    void nodeHoldsAConversation() throws Exception {
        assertThat(ExampleProgram.node("chat.js", address(), "In the beginning", "And God said")
                        .lines())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("turn 1:"),
                        second -> assertThat(second).startsWith("turn 2:"));
    }

    @Test
    void pythonStreamsAGenerationOverHttp() throws Exception {
        String base = http.replaceAll("/$", "");

        assertContinues(ExampleProgram.python("generate.py", base, EXPECTED.prompt()));
    }

    private String address() {
        return "127.0.0.1:" + port;
    }

    private static void assertContinues(String output) {
        String text = output.stripTrailing();
        assertThat(text).hasSizeGreaterThan(16);
        assertThat(EXPECTED.greedyText()).startsWith(text);
    }
}
