package io.tributary.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.tributary.gateway.access.Caller.Origin;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {
    private static final NewApiKey TEAM_A = NewApiKey.of("team-a", new SecureRandom());
    private static final NewApiKey TEAM_B = NewApiKey.of("b", new SecureRandom());

    /** A line of a properties file. */
    private static Map<String, String> line(String line) {
        String[] nameAndValue = line.split("=", 2);
        return Map.of(nameAndValue[0], nameAndValue[1]);
    }

    @Test
    void theLineThatIsPrintedWithAKeyLetsItIn() {
        ApiKeys keys = new ApiKeys(Configured.by(line(TEAM_A.property())));

        assertThat(keys.ownerOf(TEAM_A.secret())).contains(new Caller(Origin.KEY, "team-a"));
        assertThat(keys.ownerOf(TEAM_B.secret())).isEmpty();
    }

    @Test
    void theEnvironmentVariableThatIsPrintedWithAKeyLetsItIn() {
        ApiKeys keys = new ApiKeys(Configured.byEnvironment(line(TEAM_B.environmentVariable())));

        assertThat(keys.ownerOf(TEAM_B.secret())).contains(new Caller(Origin.KEY, "b"));
        assertThat(keys.ownerOf(TEAM_A.secret())).isEmpty();
    }

    @Test
    void inTheNameThatAnEnvironmentVariableGivesADashIsADot() {
        ApiKeys keys = new ApiKeys(Configured.byEnvironment(line(TEAM_A.environmentVariable())));

        assertThat(keys.ownerOf(TEAM_A.secret())).contains(new Caller(Origin.KEY, "team.a"));
    }

    @Test
    void ofSeveralKeysEachHasItsOwner() {
        ApiKeys keys = new ApiKeys(Configured.by(Map.of(
                "tributary.gateway.api-keys.a.sha256",
                ApiKeyHash.of("one").toString(),
                "tributary.gateway.api-keys.b.sha256",
                ApiKeyHash.of("two").toString())));

        assertThat(keys.ownerOf("one").map(Caller::subject)).contains("key:a");
        assertThat(keys.ownerOf("two").map(Caller::subject)).contains("key:b");
        assertThat(keys.ownerOf("three")).isEmpty();
        assertThat(keys.ownerOf("")).isEmpty();
    }

    @Test
    void theHashIsTheSha256OfFips180() {
        assertThat(ApiKeyHash.of("abc"))
                .hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tributary_key",
                "ba7816bf",
                "zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            })
    void aHashThatIsNoneIsRefusedWithoutRepeatingIt(String hash) {
        AccessConfiguration configuration =
                Configured.by(Map.of("tributary.gateway.api-keys.a.sha256", hash.isEmpty() ? "0" : hash));

        assertThatThrownBy(() -> new ApiKeys(configuration))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tributary.gateway.api-keys.\"a\".sha256 is no SHA-256: 64 hexadecimal digits")
                .hasMessageNotContaining("tributary_key");
    }

    @Test
    void aKeyHas256RandomBits() {
        Set<String> secrets = new HashSet<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100; i++) {
            secrets.add(NewApiKey.of("n", random).secret());
        }

        assertThat(secrets).hasSize(100).allMatch(secret -> secret.matches("tributary_[A-Za-z0-9_-]{43}"));
    }

    @Test
    void aNewKeyDoesNotShowItsSecretWhereItIsLogged() {
        assertThat(TEAM_A.toString() + TEAM_A.property() + TEAM_A.environmentVariable())
                .contains("team-a")
                .doesNotContain(TEAM_A.secret());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "A", "a b", "a.b", "a\"b", "a=b", "a\nb"})
    void aNameThatWouldSpoilTheConfigurationIsRefused(String name) {
        SplittableRandom random = new SplittableRandom(7);

        assertThatThrownBy(() -> NewApiKey.of(name, random)).isInstanceOf(IllegalArgumentException.class);
    }
}
