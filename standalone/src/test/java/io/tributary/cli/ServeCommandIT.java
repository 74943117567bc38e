package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.mesh.ShippedModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** `tributary serve`, and `tributary generate --gateway` as its client. */
class ServeCommandIT {
    private static final ShippedModel EXPECTED = ShippedModel.expected();
    private static final ServedModel SERVED = ServedModel.start();
    private static final Duration QUICKLY = Duration.ofSeconds(15);
    private static final int TERMINATED = 128 + 15;

    @AfterAll
    static void aSignalEndsAllThatWasServed() {
        try (SERVED) {
            SERVED.process().terminate();
            CommandResult result = SERVED.process().result();

            assertThat(result.status()).isEqualTo(TERMINATED);
            assertThat(result.output()).isEmpty();
            assertThat(result.messages()).as("nothing but where it served").hasSize(1);
            assertThat(SERVED.listens()).isFalse();
        }
    }

    private static CommandResult generate(String... arguments) {
        return CommandProcess.run(
                Stream.concat(Stream.of("generate", "--gateway", SERVED.gateway()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    @Test
    void aGatewayGivesTheSameBytesEachTime() {
        CommandResult first = generate("--max-tokens", "60", EXPECTED.prompt());
        CommandResult second = generate("--max-tokens", "60", EXPECTED.prompt());

        assertThat(first.output()).isEqualTo(EXPECTED.greedyText() + "\n");
        assertThat(second.output()).isEqualTo(first.output());
        assertThat(List.of(first.status(), second.status())).containsOnly(0);
    }

    @Test
    void generationEndsBeforeAStopText() {
        CommandResult result = generate("--max-tokens", "60", "--stop", "king", EXPECTED.prompt());

        String text = EXPECTED.greedyText();
        assertThat(result.output()).isEqualTo(text.substring(0, text.indexOf("king")) + "\n");
        assertThat(result.status()).isZero();
    }

    @Test
    void anEmptyPromptBeginsANewText() {
        CommandResult result = generate("--max-tokens", "5", "");

        assertThat(result.messages()).singleElement().asString().startsWith("1 prompt tokens, 5 new tokens, ");
        assertThat(result.output()).isNotBlank();
        assertThat(result.status()).isZero();
    }

    @Test
    void jsonIsALineForEachTokenAndOneWithTheFigures() throws IOException {
        CommandResult result = generate("--json", "--max-tokens", "60", "--stop", "over there", EXPECTED.prompt());

        List<JsonNode> lines = new ArrayList<>();
        for (String line : result.output().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        JsonNode last = lines.getLast();
        List<JsonNode> tokens = lines.subList(0, lines.size() - 1);
        assertThat(tokens).extracting(token -> token.get("id").asInt()).isEqualTo(EXPECTED.greedyIds());
        assertThat(tokens)
                .allSatisfy(
                        token -> assertThat(token.get("logprob").floatValue()).isLessThanOrEqualTo(0));
        assertThat(last.get("text").asText())
                .as("held back as the beginning of the stop text")
                .isEqualTo("over");
        assertThat(lines.stream().map(line -> line.get("text").asText()).collect(Collectors.joining()))
                .isEqualTo(EXPECTED.greedyText());
        assertThat(last.get("prompt_tokens").asInt())
                .isEqualTo(EXPECTED.promptIds().size());
        assertThat(last.get("new_tokens").asInt()).isEqualTo(tokens.size());
        assertThat(last.get("finish_reason").asText()).isEqualTo("length");
        assertThat(last.get("time_to_first_token_seconds").asDouble()).isPositive();
        assertThat(last.get("tokens_per_second").asDouble()).isPositive();
        assertThat(result.messages()).isEmpty();
        assertThat(result.status()).isZero();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--max-tokens  | 0  | tributary: --max-tokens is 0; 1 to the model's context are allowed",
                "--max-tokens  | -3 | tributary: --max-tokens is -3; 1 to the model's context are allowed",
                "--temperature | -1 | tributary: --temperature is -1.0 but must be 0 to 100",
                "--top-p       | 2  | tributary: --top-p is 2.0 but must be above 0, up to 1",
            })
    void aValueOutOfRangeIsWrongUsageThatNamesTheOption(String option, String value, String message) {
        CommandResult result = generate(option, value, "x");

        assertThat(result.messages()).containsExactly(message);
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void anUnknownOptionIsWrongUsage() {
        CommandResult result = generate("--heat", "1", "x");

        assertThat(result.messages()).first().asString().contains("--heat");
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void aPromptLongerThanTheContextIsRefusedWithBothLengths() {
        CommandResult result = generate("word ".repeat(200));

        assertThat(result.messages())
                .singleElement()
                .asString()
                .matches("tributary: the prompt has \\d+ tokens; .*127.*");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void whereNobodyListensIsSaidAtOnce() throws IOException {
        int port = unusedPort();
        try (CommandProcess command = CommandProcess.start("generate", "--gateway", "127.0.0.1:" + port, "x")) {
            assertThat(command.endsWithin(QUICKLY)).isTrue();
            assertThat(command.result().messages())
                    .containsExactly(
                            "tributary: no connection to a gateway at 127.0.0.1:%d: Connection refused: /127.0.0.1:%d"
                                    .formatted(port, port));
            assertThat(command.result().status()).isEqualTo(1);
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        CommandResult result =
                CommandProcess.run("serve", "--grpc-port", String.valueOf(SERVED.grpcPort()), "--http-port", "0");

        assertThat(result.messages())
                .singleElement()
                .asString()
                .startsWith("tributary: port %d is taken".formatted(SERVED.grpcPort()))
                .contains("--grpc-port");
        assertThat(result.status()).isEqualTo(1);
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
