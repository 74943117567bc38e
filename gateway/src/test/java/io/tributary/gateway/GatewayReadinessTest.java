package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

/** A gateway is ready when it can answer requests. */
class GatewayReadinessTest {
    @Test
    void aGatewayWithShardsAndATokenizerIsReady() {
        assertThat(health(true, Uni.createFrom().item("described")).getStatus())
                .isEqualTo(HealthCheckResponse.Status.UP);
    }

    @Test
    void aGatewayWithoutShardsIsNot() {
        HealthCheckResponse health = health(false, Uni.createFrom().item("described"));

        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(health.getData())
                .contains(Map.of("problem", "no lane has a shard in every stage that reports, or tokens are not read"));
    }

    @Test
    void aGatewayWhoseTokenizerFailsOrIsSilentIsNot() {
        for (Uni<?> answer : new Uni<?>[] {
            Uni.createFrom().failure(Status.UNAVAILABLE.asRuntimeException()),
            Uni.createFrom().nothing()
        }) {
            HealthCheckResponse health = health(true, answer);

            assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
            assertThat(health.getData()).contains(Map.of("problem", "the tokenizer does not answer"));
        }
    }

    private static HealthCheckResponse health(boolean meshServes, Uni<?> tokenizerAnswer) {
        return new GatewayReadiness(() -> meshServes, () -> tokenizerAnswer)
                .call()
                .await()
                .atMost(Duration.ofSeconds(20));
    }
}
