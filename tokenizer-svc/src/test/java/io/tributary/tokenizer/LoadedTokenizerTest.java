package io.tributary.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.StartupEvent;
import io.tributary.edge.ModelConfiguration;
import io.tributary.tokenizers.TokenizerNotFoundException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedTokenizerTest {
    private static final Path SHIPPED =
            Path.of(Objects.requireNonNull(System.getProperty("tributary.root")), "models", "kjv-2.6m");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path empty;

    private record Model(Optional<Path> path, Optional<String> name, boolean loadAtStart)
            implements ModelConfiguration {}

    private record Limits(int maxTextBytes, int maxIdsPerRequest, long maxTemplateSteps) implements TokenizerLimits {}

    @Test
    void withoutLoadingAtStartTheFirstCallLoads() {
        LoadedTokenizer tokenizer = loaded(SHIPPED, false);
        tokenizer.onStart(new StartupEvent());
        assertThat(readiness(tokenizer).getStatus()).isEqualTo(Status.UP);
        assertThat(tokenizer.isLoaded()).isFalse();
        assertThat(tokenizer.whenLoaded().await().atMost(Duration.ofSeconds(20)).vocabularySize())
                .isEqualTo(2048);
        assertThat(tokenizer.isLoaded()).isTrue();
        assertThat(tokenizer.get()).isSameAs(tokenizer.get());
        tokenizer.close();
    }

    @Test
    void beforeItIsLoadedAtStartItIsNotReady() {
        LoadedTokenizer tokenizer = loaded(SHIPPED, true);
        assertThat(readiness(tokenizer).getStatus()).isEqualTo(Status.DOWN);
        tokenizer.onStart(new StartupEvent());
        assertThat(readiness(tokenizer).getStatus()).isEqualTo(Status.UP);
        tokenizer.close();
    }

    @Test
    void whatCannotBeLoadedStopsTheStartAndIsNotReady() {
        LoadedTokenizer tokenizer = loaded(empty, true);
        assertThatThrownBy(() -> tokenizer.onStart(new StartupEvent())).isInstanceOf(TokenizerNotFoundException.class);
        HealthCheckResponse lazy = readiness(failedOnce(loaded(empty, false)));
        assertThat(lazy.getStatus()).isEqualTo(Status.DOWN);
        assertThat(String.valueOf(lazy.getData().orElseThrow().get("problem"))).contains("has no tokenizer");
    }

    @Test
    void aMissingModelIsSaid() {
        LoadedTokenizer tokenizer = loaded(null, false);
        assertThat(readiness(tokenizer).getData().orElseThrow()).containsEntry("problem", "no model is configured");
        assertThat(readiness(tokenizer).getStatus()).isEqualTo(Status.DOWN);
        assertThatThrownBy(tokenizer::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tributary.model.path");
    }

    private static LoadedTokenizer failedOnce(LoadedTokenizer tokenizer) {
        assertThatThrownBy(tokenizer::get).isInstanceOf(TokenizerNotFoundException.class);
        return tokenizer;
    }

    private static HealthCheckResponse readiness(LoadedTokenizer tokenizer) {
        return new TokenizerReadiness(tokenizer).call();
    }

    private static LoadedTokenizer loaded(@Nullable Path path, boolean atStart) {
        return new LoadedTokenizer(
                new Model(Optional.ofNullable(path), Optional.empty(), atStart), new Limits(1000, 1000, 1000));
    }
}
