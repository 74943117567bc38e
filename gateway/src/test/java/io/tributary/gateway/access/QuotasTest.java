package io.tributary.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.tributary.gateway.access.Caller.Origin;
import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class QuotasTest {
    private static final Caller A = new Caller(Origin.KEY, "a");
    private static final Caller B = new Caller(Origin.KEY, "b");
    private static final GenerateResponse TOKEN =
            GenerateResponse.newBuilder().setToken(Token.getDefaultInstance()).build();
    private static final GenerateResponse FINISHED = GenerateResponse.newBuilder()
            .setFinished(Finished.getDefaultInstance())
            .build();

    private long now;

    /** Limits of everybody, and of the key a where they begin with {@code a.}. */
    private Quotas quotas(String... namesAndValues) {
        return quotas(100, namesAndValues);
    }

    private Quotas quotas(int mostAccounts, String... namesAndValues) {
        Map<String, String> properties = new HashMap<>();
        for (String key : List.of("a", "b")) {
            properties.put("tributary.gateway.api-keys." + key + ".sha256", "00");
        }
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = namesAndValues[i];
            String prefix =
                    name.startsWith("a.") ? "tributary.gateway.api-keys.a.limits." : "tributary.gateway.limits.";
            properties.put(prefix + (name.startsWith("a.") ? name.substring(2) : name), namesAndValues[i + 1]);
        }
        return new Quotas(Configured.by(properties), () -> now, mostAccounts);
    }

    private static StatusRuntimeException refusal(ThrowingCallable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        return refusal;
    }

    private static <M extends Message> List<M> details(StatusRuntimeException refusal, Class<M> type) throws Exception {
        List<M> details = new ArrayList<>();
        for (Any detail : StatusProto.fromThrowable(refusal).getDetailsList()) {
            if (detail.is(type)) {
                details.add(detail.unpack(type));
            }
        }
        return details;
    }

    @Test
    void requestsAboveTheRateAreRefusedUntilTheNextOneIsDue() throws Exception {
        Quotas quotas = quotas("requests-per-minute", "2");
        quotas.request(A);
        quotas.request(A);

        StatusRuntimeException refusal = refusal(() -> quotas.request(A));

        assertThat(refusal.getStatus().getDescription())
                .isEqualTo("2 requests a minute are allowed; try again in 30 s");
        assertThat(details(refusal, RetryInfo.class))
                .extracting(info -> info.getRetryDelay().getSeconds())
                .containsExactly(30L);
        assertThat(details(refusal, QuotaFailure.class))
                .extracting(failure -> failure.getViolations(0).getSubject())
                .containsExactly("key:a");
        quotas.request(B);
        now += Duration.ofSeconds(30).toNanos();
        quotas.request(A);
    }

    @Test
    void aKeysOwnLimitWinsOverThatOfEverybody() {
        Quotas quotas = quotas("requests-per-minute", "1", "a.requests-per-minute", "3");
        for (int i = 0; i < 3; i++) {
            quotas.request(A);
        }
        quotas.request(B);

        refusal(() -> quotas.request(A));
        refusal(() -> quotas.request(B));
    }

    @Test
    void anonymousCallersShareOneAccount() {
        Quotas quotas = quotas("requests-per-minute", "1");
        quotas.request(Caller.ANONYMOUS);

        assertThat(refusal(() -> quotas.request(Caller.ANONYMOUS)).getStatus().getDescription())
                .startsWith("1 requests a minute");
    }

    @Test
    void withoutLimitsNothingIsRefused() {
        Quotas quotas = quotas();
        for (int i = 0; i < 10_000; i++) {
            quotas.request(A);
            assertThat(quotas.admit(A, Integer.MAX_VALUE, Integer.MAX_VALUE)).isNotNull();
        }
        assertThat(quotas.defaultMaximalTokens(A, 256)).isEqualTo(256);
    }

    @Test
    void aSessionMoreThanAllowedWaitsForTheEndOfAnother() {
        Quotas quotas = quotas("concurrent-sessions", "2");
        QuotaLease first = quotas.admit(A, 1, 1);
        quotas.admit(A, 1, 1);

        refusal(() -> quotas.admit(A, 1, 1));
        first.close(false);
        first.close(false);
        quotas.admit(A, 1, 1);
        refusal(() -> quotas.admit(A, 1, 1));
    }

    @Test
    void tokensOfPromptAndAnswerAreChargedAndADebtIsPaidOff() throws Exception {
        Quotas quotas = quotas("tokens-per-minute", "60");
        QuotaLease lease = quotas.admit(A, 40, 30);
        for (int i = 0; i < 30; i++) {
            lease.generated();
        }
        lease.finished();
        lease.close(false);

        StatusRuntimeException refusal = refusal(() -> quotas.admit(A, 20, 1));

        assertThat(details(refusal, RetryInfo.class))
                .as("10 of debt and 20 to come, one a second")
                .extracting(info -> info.getRetryDelay().getSeconds())
                .containsExactly(30L);
        now += Duration.ofSeconds(30).toNanos();
        quotas.admit(A, 20, 1);
    }

    @Test
    void whatCanNeverBeHasNoRetryHint() throws Exception {
        Quotas quotas = quotas("tokens-per-minute", "60", "prompt-tokens", "100", "output-tokens", "50");

        StatusRuntimeException prompt = refusal(() -> quotas.admit(A, 101, 1));
        StatusRuntimeException minute = refusal(() -> quotas.admit(A, 61, 1));
        StatusRuntimeException answer = refusal(() -> quotas.admit(A, 1, 51));

        assertThat(prompt.getStatus().getDescription()).isEqualTo("the prompt has 101 tokens; 100 are allowed");
        assertThat(minute.getStatus().getDescription())
                .isEqualTo("the prompt has 61 tokens; 60 tokens a minute are allowed");
        assertThat(answer.getStatus().getDescription()).isEqualTo("max_tokens is 51; 50 are allowed");
        for (StatusRuntimeException refusal : List.of(prompt, minute, answer)) {
            assertThat(details(refusal, RetryInfo.class)).isEmpty();
            assertThat(details(refusal, QuotaFailure.class)).hasSize(1);
        }
        assertThat(quotas.defaultMaximalTokens(A, 256)).isEqualTo(50);
    }

    @Test
    void aStreamIsChargedAsItsTokensComeAndGivesItsPlaceBack() {
        Quotas quotas = quotas("tokens-per-minute", "60", "concurrent-sessions", "1");
        Multi<GenerateResponse> answer = Multi.createFrom().items(TOKEN, TOKEN, FINISHED);

        quotas.metered(A, 57, 30, true, answer)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(10))
                .assertCompleted();

        quotas.admit(A, 1, 1).close(false);
        refusal(() -> quotas.admit(A, 1, 1));
    }

    @Test
    void aStreamThatIsRefusedWasNeverStarted() {
        Quotas quotas = quotas("prompt-tokens", "1");
        Multi<GenerateResponse> never = Multi.createFrom().deferred(() -> {
            throw new AssertionError("started");
        });

        quotas.metered(A, 2, 1, false, never)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1))
                .assertFailedWith(StatusRuntimeException.class, "the prompt has 2 tokens");
    }

    @Test
    void aSessionThatOutlivesItsStreamIsChargedToItsEnd() {
        Quotas quotas = quotas("tokens-per-minute", "60", "concurrent-sessions", "1");
        Multi<GenerateResponse> endless = Multi.createBy()
                .concatenating()
                .streams(Multi.createFrom().item(TOKEN), Multi.createFrom().nothing());

        quotas.metered(A, 9, 50, true, endless)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(10))
                .cancel();
        quotas.admit(A, 1, 1).close(false);
        refusal(() -> quotas.admit(A, 1, 1));

        quotas.metered(B, 9, 50, false, endless)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(10))
                .cancel();
        quotas.admit(B, 50, 1).close(false);
    }

    @Test
    void aResumedStreamTakesAPlaceAlthoughTokensAreSpent() {
        Quotas quotas = quotas("tokens-per-minute", "10", "concurrent-sessions", "1");
        quotas.admit(A, 10, 1).close(false);

        AssertSubscriber<GenerateResponse> resumed = quotas.place(
                        A, Multi.createFrom().<GenerateResponse>nothing())
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));

        resumed.assertNotTerminated();
        assertThat(refusal(() -> quotas.admit(A, 0, 0)).getStatus().getDescription())
                .startsWith("1 sessions");
        resumed.cancel();
        quotas.admit(A, 0, 0);
    }

    @Test
    void anAnswerWithinAPlaceIsChargedAndTakesNoFurtherOne() {
        Quotas quotas = quotas("tokens-per-minute", "10", "concurrent-sessions", "1");
        QuotaLease place = quotas.admit(A, 0, 0);

        quotas.charged(A, 4, 1, Multi.createFrom().<GenerateResponse>empty())
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1))
                .assertCompleted();

        assertThat(refusal(() -> quotas.charged(A, 7, 1, Multi.createFrom().<GenerateResponse>empty())
                                .collect()
                                .asList()
                                .await()
                                .indefinitely())
                        .getStatus()
                        .getDescription())
                .startsWith("10 tokens a minute");
        place.close(false);
    }

    @Test
    void severalPromptsAreChargedTogetherAndMeasuredByTheLongest() {
        Quotas quotas = quotas("tokens-per-minute", "10", "prompt-tokens", "5");

        assertThat(refusal(() -> quotas.admit(A, 6, 6, 0)).getStatus().getDescription())
                .startsWith("the prompt has 6 tokens");
        quotas.admit(A, 5, 9, 0).close(false);
        assertThat(refusal(() -> quotas.admit(A, 1, 2, 0)).getStatus().getDescription())
                .startsWith("10 tokens a minute");
    }

    @Test
    void accountsAreBoundedAndThoseInUseAreKept() {
        Quotas quotas = quotas(2, "concurrent-sessions", "1");
        QuotaLease busy = quotas.admit(A, 1, 1);
        for (int subject = 0; subject < 1000; subject++) {
            quotas.admit(new Caller(Origin.OIDC, "s" + subject), 1, 1).close(false);
        }
        refusal(() -> quotas.admit(A, 1, 1));
        quotas.admit(B, 1, 1);

        assertThat(refusal(() -> quotas.request(Caller.ANONYMOUS)).getStatus().getDescription())
                .startsWith("2 clients are active");
        busy.close(false);
        quotas.request(Caller.ANONYMOUS);
    }

    @Test
    void aLimitBelowOneIsRefused() {
        assertThatThrownBy(() -> quotas("a.output-tokens", "0"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is 0; leave it out for none");
    }

    @Test
    void limitsCanBeEnvironmentVariables() {
        Quotas quotas = new Quotas(
                Configured.byEnvironment(Map.of(
                        "TRIBUTARY_GATEWAY_LIMITS_CONCURRENT_SESSIONS",
                        "1",
                        "TRIBUTARY_GATEWAY_API_KEYS__A__SHA256",
                        "00",
                        "TRIBUTARY_GATEWAY_API_KEYS__A__LIMITS_OUTPUT_TOKENS",
                        "7")),
                () -> now,
                100);

        assertThat(quotas.defaultMaximalTokens(A, 256)).isEqualTo(7);
        assertThat(quotas.defaultMaximalTokens(B, 256)).isEqualTo(256);
        quotas.admit(A, 1, 1);
        refusal(() -> quotas.admit(A, 1, 1));
    }
}
