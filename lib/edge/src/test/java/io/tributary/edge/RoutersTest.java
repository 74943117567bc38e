package io.tributary.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the configured routers are. */
class RoutersTest {
    private record Settings(
            Transport transport,
            List<String> routers,
            int pairMetrics,
            Optional<Path> tlsAuthority,
            Optional<Path> tlsCertificate,
            Optional<Path> tlsKey)
            implements ExpertConfiguration {}

    private static Routers at(String... places) {
        return new Routers(new Settings(
                ExpertConfiguration.Transport.GRPC,
                List.of(places),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    @Test
    void everyAddressOfEveryNameIsARouterOnce() throws Exception {
        List<RouterAddress> found = at("127.0.0.1:9005", " [::1]:9006", "127.0.0.1:9005", "localhost:9007")
                .resolve();

        assertThat(found)
                .doesNotHaveDuplicates()
                .startsWith(
                        new RouterAddress("127.0.0.1", InetAddress.ofLiteral("127.0.0.1"), 9005),
                        new RouterAddress("::1", InetAddress.ofLiteral("::1"), 9006))
                .contains(new RouterAddress("localhost", InetAddress.getAllByName("localhost")[0], 9007))
                .hasSize(2 + InetAddress.getAllByName("localhost").length);
        assertThat(found.getFirst()).hasToString("127.0.0.1:9005");
        assertThat(found.getLast().toString()).startsWith("localhost:9007 (");
    }

    @Test
    void aNameThatNobodyKnowsStandsForNoRouter() {
        assertThat(at("no-such-host.invalid:9005").resolve()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "router",
                "router:",
                ":9005",
                "router:0",
                "router:65536",
                "router:99999999999",
                "::1:9005",
                "a b:1"
            })
    void whatIsNoPlaceIsRefusedWithTheFormOfOne(String entry) {
        Routers routers = at(entry);
        assertThatThrownBy(routers::resolve)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("\"" + entry + "\"")
                .hasMessageContaining("host:port");
    }

    @Test
    void aChannelBearsTheNameOfItsRouter() {
        RouterAddress router = new RouterAddress("router.example", InetAddress.ofLiteral("127.0.0.1"), 9005);
        ManagedChannel channel = at("router.example:9005").open(router);
        try {
            assertThat(channel.authority()).isEqualTo("router.example:9005");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void certificatesThatCannotBeUsedAreNamed() {
        RouterAddress router = new RouterAddress("::1", InetAddress.ofLiteral("::1"), 9005);
        Routers missing = new Routers(new Settings(
                ExpertConfiguration.Transport.GRPC,
                List.of(),
                0,
                Optional.of(Path.of("no-such-file.pem")),
                Optional.empty(),
                Optional.empty()));
        assertThatThrownBy(() -> missing.open(router))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no-such-file.pem");
    }
}
