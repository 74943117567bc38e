package io.tributary.gateway;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once requests can be answered: tokens are being read, some lane has a shard in every stage, and the tokenizer
 * answers, without which no token becomes text.
 */
@Readiness
@ApplicationScoped
public class GatewayReadiness implements AsyncHealthCheck {
    /** Less than probes wait. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(1);

    private final BooleanSupplier meshServes;
    private final Supplier<Uni<?>> tokenizerAnswer;

    @Inject
    GatewayReadiness(MeshConnection connection, MeshServices services) {
        this(
                connection::ready,
                () -> services.tokenizer().describeTokenizer(DescribeTokenizerRequest.getDefaultInstance()));
    }

    /**
     * Checks what it is given.
     *
     * @param meshServes whether sessions can start
     * @param tokenizerAnswer asks the tokenizer something
     */
    GatewayReadiness(BooleanSupplier meshServes, Supplier<Uni<?>> tokenizerAnswer) {
        this.meshServes = meshServes;
        this.tokenizerAnswer = tokenizerAnswer;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        if (!meshServes.getAsBoolean()) {
            return Uni.createFrom()
                    .item(down("no lane has a shard in every stage that reports, or tokens are not read"));
        }
        return Uni.createFrom()
                .deferred(tokenizerAnswer::get)
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .ifNoItem()
                .after(LONGEST_ANSWER)
                .fail()
                .map(answer -> HealthCheckResponse.named("gateway").up().build())
                .onFailure()
                .recoverWithItem(() -> down("the tokenizer does not answer"));
    }

    private static HealthCheckResponse down(String problem) {
        return HealthCheckResponse.named("gateway")
                .down()
                .withData("problem", problem)
                .build();
    }
}
