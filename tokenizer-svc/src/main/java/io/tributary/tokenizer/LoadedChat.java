package io.tributary.tokenizer;

import io.tributary.edge.ModelConfiguration;
import io.tributary.tokenizers.ModelChat;
import io.tributary.tokenizers.Tokenizer;
import io.tributary.tokenizers.TokenizerException;
import io.tributary.tokenizers.template.ChatTemplateException;
import io.tributary.tokenizers.template.TemplateLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** How the configured model is spoken to: read once, with the first call that asks. */
@ApplicationScoped
public class LoadedChat {
    private static final Logger LOG = Logger.getLogger(LoadedChat.class);

    private final ModelConfiguration model;
    private final TokenizerLimits limits;
    private Optional<ModelChat> loaded = Optional.empty();
    private boolean isLoaded;
    private @Nullable RuntimeException failure;

    @Inject
    LoadedChat(ModelConfiguration model, TokenizerLimits limits) {
        this.model = model;
        this.limits = limits;
    }

    /**
     * The model's chat, which blocks while it is read.
     *
     * @param tokenizer the model's
     * @return empty if the model has no template and is of no known family
     * @throws ChatTemplateException if the model's template cannot be read, at the first call or before
     * @throws TokenizerException if a file beside it is broken
     */
    public synchronized Optional<ModelChat> get(Tokenizer tokenizer) {
        RuntimeException known = failure;
        if (known != null) {
            throw known;
        }
        if (!isLoaded) {
            loaded = read(tokenizer);
            isLoaded = true;
        }
        return loaded;
    }

    /** A failure is kept, since probes ask again and again. */
    private Optional<ModelChat> read(Tokenizer tokenizer) {
        TemplateLimits templateLimits = new TemplateLimits(
                TemplateLimits.DEFAULT.maximalSourceCharacters(), limits.maxTemplateSteps(), limits.maxTextBytes());
        try {
            return ModelChat.open(model.requirePath(), tokenizer, templateLimits, Clock.systemUTC());
        } catch (ChatTemplateException | TokenizerException unreadable) {
            LOG.errorf("the model's chat template cannot be read: %s", unreadable.getMessage());
            failure = unreadable;
            throw unreadable;
        }
    }

    /** Where the template comes from; empty also if it cannot be read, since completions need none. */
    Optional<ModelChat.Source> source(Tokenizer tokenizer) {
        try {
            return get(tokenizer).map(ModelChat::source);
        } catch (ChatTemplateException | TokenizerException _) {
            return Optional.empty();
        }
    }
}
