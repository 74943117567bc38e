package io.tributary.edge;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service behind the gateway, at its start. */
class RemoteBindingsTest {
    private static final String HOST = "quarkus.grpc.server.host";
    private static final Map<String, String> ANYWHERE = Map.of(HOST, "0.0.0.0");

    private static void start(Map<String, String> properties, String clientAuth, Optional<String> certificate) {
        start(properties, new InnerServiceAccess(() -> false, clientAuth, certificate, Optional.empty()));
    }

    private static void start(Map<String, String> properties, RemoteAccess access) {
        SmallRyeConfig configuration = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
        new RemoteBindings(access, configuration).onStart(new StartupEvent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "no-such-host.invalid"})
    void anAddressThatStrangersReachIsRefusedWithWhatToDo(String host) {
        assertThatThrownBy(() -> start(Map.of(HOST, host), "none", Optional.empty()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("quarkus.grpc.server.host is " + host)
                .hasMessageContaining("client-auth=required")
                .hasMessageContaining("tributary.edge.allow-plaintext-remote=true")
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1"})
    void loopbackIsForEverybody(String host) {
        assertThatCode(() -> start(Map.of(HOST, host), "none", Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void certificatesOfTheMeshKeepStrangersOut() {
        assertThatCode(() -> start(ANYWHERE, "required", Optional.of("service.pem")))
                .doesNotThrowAnyException();
        assertThatCode(() -> start(ANYWHERE, "REQUIRED", Optional.of("service.pem")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "request"})
    void encryptionAloneKeepsNobodyOut(String clientAuth) {
        assertThatThrownBy(() -> start(ANYWHERE, clientAuth, Optional.of("service.pem")))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void withoutACertificateOfItsOwnTheServiceTalksPlaintext() {
        assertThatThrownBy(() -> start(ANYWHERE, "required", Optional.empty()))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void whoeverSaysSoMayListenAnywhere() {
        RemoteAccess said = new InnerServiceAccess(() -> true, "none", Optional.empty(), Optional.empty());

        assertThatCode(() -> start(ANYWHERE, said)).doesNotThrowAnyException();
    }
}
