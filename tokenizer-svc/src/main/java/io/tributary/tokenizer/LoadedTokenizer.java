package io.tributary.tokenizer;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.tributary.edge.ModelConfiguration;
import io.tributary.tokenizers.Tokenizer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.file.Path;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The tokenizer of the configured model: loaded at start or with the first call, and freed at the end. */
@ApplicationScoped
public class LoadedTokenizer {
    private static final Logger LOG = Logger.getLogger(LoadedTokenizer.class);

    private final ModelConfiguration model;
    private final TokenizerLimits limits;
    private volatile @Nullable Tokenizer loaded;
    private volatile @Nullable String problem;

    @Inject
    LoadedTokenizer(ModelConfiguration model, TokenizerLimits limits) {
        this.model = model;
        this.limits = limits;
    }

    void onStart(@Observes StartupEvent event) {
        if (model.loadAtStart()) {
            get();
        }
    }

    /**
     * The tokenizer, loaded if it is not yet, which blocks.
     *
     * @throws IllegalStateException if no model is configured
     * @throws RuntimeException if its tokenizer cannot be loaded; the next call tries again
     */
    public Tokenizer get() {
        Tokenizer current = loaded;
        return current == null ? load() : current;
    }

    /** As {@link #get}, without blocking the caller. */
    public Uni<Tokenizer> whenLoaded() {
        Tokenizer current = loaded;
        return current == null
                ? Uni.createFrom().item(this::get).runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                : Uni.createFrom().item(current);
    }

    /** Whether it is loaded. */
    boolean isLoaded() {
        return loaded != null;
    }

    /** Whether the first call loads it, rather than the start. */
    boolean isLoadedByFirstCall() {
        return !model.loadAtStart();
    }

    /** Why it cannot be loaded, as far as is known. */
    @Nullable
    String problem() {
        return loaded == null && model.path().isEmpty() ? "no model is configured" : problem;
    }

    private synchronized Tokenizer load() {
        Tokenizer current = loaded;
        if (current != null) {
            return current;
        }
        try {
            long start = System.nanoTime();
            Path path = model.requirePath();
            current = Tokenizer.open(path, limits.maxTextBytes());
            loaded = current;
            problem = null;
            LOG.infof(
                    "tokenizer of %s: %d ids, loaded in %d ms",
                    path, current.vocabularySize(), (System.nanoTime() - start) / 1_000_000);
            return current;
        } catch (RuntimeException failure) {
            problem = failure.getMessage();
            throw failure;
        }
    }

    @PreDestroy
    void close() {
        Tokenizer current = loaded;
        if (current != null) {
            current.close();
        }
    }
}
