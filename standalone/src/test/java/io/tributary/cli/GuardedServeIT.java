package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.mesh.ShippedModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** `tributary key`, and `tributary serve` where it keeps strangers out. */
class GuardedServeIT {
    private static final List<String> KEY = newKey();
    private static final String SECRET = KEY.getFirst();
    private static final ServedModel SERVED = ServedModel.start(variable(KEY.getLast()));

    @AfterAll
    static void stop() {
        SERVED.close();
    }

    /** The key, the property and the environment variable. */
    private static List<String> newKey() {
        CommandResult result = CommandProcess.run("key", "new", "--name", "team");
        assertThat(result.status()).isZero();
        return result.output().lines().toList();
    }

    private static Map<String, String> variable(String line) {
        int end = line.indexOf('=');
        return Map.of(line.substring(0, end), line.substring(end + 1));
    }

    private static CommandResult generate(Map<String, String> environment) {
        return CommandProcess.run(
                environment,
                "generate",
                "--gateway",
                SERVED.gateway(),
                "--max-tokens",
                "5",
                ShippedModel.expected().prompt());
    }

    @Test
    void aKeyIsShownOnceAndItsHashAsTheGatewayWantsIt() {
        assertThat(KEY).hasSize(3);
        assertThat(SECRET).matches("tributary_[A-Za-z0-9_-]{43}");
        assertThat(KEY.get(1)).matches("tributary\\.gateway\\.api-keys\\.\"team\"\\.sha256=[0-9a-f]{64}");
        assertThat(KEY.get(2)).matches("TRIBUTARY_GATEWAY_API_KEYS__TEAM__SHA256=[0-9a-f]{64}");
    }

    @Test
    void aNameThatCannotBeIsWrongUsage() {
        CommandResult result = CommandProcess.run("key", "new", "--name", "Team A");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.output()).isEmpty();
        assertThat(result.messages())
                .containsExactly(
                        "tributary: --name is \"Team A\"; 1 to 63 of a-z, 0-9 and - are possible, the first no -");
    }

    @Test
    void whoeverHasTheKeyIsServed() {
        CommandResult result = generate(Map.of("TRIBUTARY_API_KEY", SECRET));

        assertThat(result.messages()).singleElement().asString().contains("5 new tokens");
        assertThat(result.status()).isZero();
    }

    @Test
    void nobodyElseIs() {
        assertThat(generate(Map.of()).messages())
                .containsExactly(
                        "tributary: a key is needed: send the header \"authorization: Bearer KEY\" (UNAUTHENTICATED)");
        assertThat(generate(Map.of("TRIBUTARY_API_KEY", "tributary_guessed")).messages())
                .containsExactly("tributary: this gateway does not know the key (UNAUTHENTICATED)");
    }

    @ParameterizedTest
    @CsvSource({"QUARKUS_GRPC_SERVER_HOST, quarkus.grpc.server.host", "QUARKUS_HTTP_HOST, quarkus.http.host"})
    void withoutKeysItDoesNotStartWhereStrangersReachIt(String variable, String property) {
        CommandResult result =
                CommandProcess.run(Map.of(variable, "0.0.0.0"), "serve", "--grpc-port", "0", "--http-port", "0");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.messages().getLast())
                .startsWith("tributary: %s is 0.0.0.0, which others can reach, but this gateway knows no API key"
                        .formatted(property))
                .contains("tributary key new", "tributary.gateway.allow-anonymous-remote=true");
        assertThat(result.messages())
                .as("where it would have served, and why not")
                .hasSize(2);
    }
}
