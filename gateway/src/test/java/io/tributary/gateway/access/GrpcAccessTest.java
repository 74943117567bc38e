package io.tributary.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Multi;
import io.tributary.proto.gateway.v1.CancelRequest;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.router.v1.MutinyRouterServiceGrpc;
import io.tributary.proto.router.v1.RouteRequest;
import jakarta.inject.Inject;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call over gRPC. */
@QuarkusTest
@WithTestResource(GuardedGateway.class)
class GrpcAccessTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @Inject
    @ConfigProperty(name = "quarkus.oidc.auth-server-url", defaultValue = "none")
    String issuer;

    /** Of the provider. */
    @SuppressWarnings("NullAway.Init")
    PrivateKey providerKey;

    @SuppressWarnings("NullAway.Init")
    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    private Channel with(@Nullable String authorization) {
        Metadata metadata = new Metadata();
        if (authorization != null) {
            metadata.put(AUTHORIZATION, authorization);
        }
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    /** Who the gateway takes the caller for. */
    private String callerWith(@Nullable String authorization) {
        return MutinyRouterServiceGrpc.newMutinyStub(with(authorization))
                .route(Multi.createFrom().items(RouteRequest.getDefaultInstance()))
                .collect()
                .first()
                .await()
                .atMost(DEADLINE)
                .getHiddenStates()
                .toStringUtf8();
    }

    private StatusRuntimeException refusalOf(@Nullable String authorization) {
        StatusRuntimeException refusal =
                catchThrowableOfType(StatusRuntimeException.class, () -> callerWith(authorization));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    @Test
    void aKnownKeyIsLetIn() {
        assertThat(callerWith("Bearer " + GuardedGateway.KEY)).isEqualTo("key:team-a");
        assertThat(callerWith("bearer  " + GuardedGateway.KEY + " ")).isEqualTo("key:team-a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer tributary_unknown",
                "Bearer not-a-jwt",
                "Bearer a.b.c",
                "Basic dGVhbS1hOg==",
                "tributary_team-a"
            })
    void anythingElseIsUnauthenticated(String authorization) {
        assertThat(refusalOf(authorization).getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aCallWithoutCredentialsIsToldWhatToSend() {
        Status status = refusalOf(null).getStatus();

        assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(status.getDescription()).isEqualTo("a key is needed: send the header \"authorization: Bearer KEY\"");
    }

    @Test
    void theGatewaysOwnMethodsAreGuardedToo() {
        CancelRequest request = CancelRequest.newBuilder().setSessionId("none").build();

        assertThat(cancel(with(null), request)).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(cancel(with("Bearer " + GuardedGateway.KEY), request))
                .as("what the method itself says")
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    private static Status.Code cancel(Channel channel, CancelRequest request) {
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> GatewayServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(DEADLINE.toSeconds(), TimeUnit.SECONDS)
                        .cancel(request));
        return refusal.getStatus().getCode();
    }

    @Test
    void aTokenOfTheProviderIsLetIn() {
        assertThat(callerWith("Bearer " + Tokens.valid(issuer, providerKey))).isEqualTo("oidc:alice");
    }

    @ParameterizedTest
    @EnumSource(Tokens.Flaw.class)
    void aTokenWithAFlawIsUnauthenticated(Tokens.Flaw flaw) {
        Status status = refusalOf("Bearer " + flaw.token(issuer, providerKey)).getStatus();

        assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(status.getDescription()).startsWith("the bearer token is not valid here");
    }

    @Test
    void callsAboveAKeysRateAreToldWhenToComeBack() throws Exception {
        String authorization = "Bearer " + GuardedGateway.KEY_FOR_ONE_CALL;
        assertThat(callerWith(authorization)).isEqualTo("key:call");

        StatusRuntimeException refusal = refusalOf(authorization);

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        var details = StatusProto.fromThrowable(refusal).getDetailsList();
        assertThat(details).hasSize(2);
        Any quota = details.stream()
                .filter(detail -> detail.is(QuotaFailure.class))
                .findFirst()
                .orElseThrow();
        Any retry = details.stream()
                .filter(detail -> detail.is(RetryInfo.class))
                .findFirst()
                .orElseThrow();
        assertThat(quota.unpack(QuotaFailure.class).getViolations(0).getSubject())
                .isEqualTo("key:call");
        assertThat(retry.unpack(RetryInfo.class).getRetryDelay().getSeconds()).isBetween(0L, 60L);
    }

    @Test
    void healthIsForEverybody() {
        HealthCheckResponse health = HealthGrpc.newBlockingStub(with(null))
                .withDeadlineAfter(DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance());

        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    @Test
    void metadataLargerThanTheLimitAreRefused() {
        Status large = refusalOf("Bearer " + "x".repeat(12_000)).getStatus();
        Status tooLarge = refusalOf("Bearer " + "x".repeat(20_000)).getStatus();

        assertThat(large.getCode()).as("was read").isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(tooLarge.getCode()).as("was not").isNotEqualTo(Status.Code.UNAUTHENTICATED);
    }
}
