package io.tributary.tokenizer;

import io.tributary.edge.ModelConfiguration;
import io.tributary.tokenizers.ModelChat;
import io.tributary.tokenizers.Tokenizer;
import io.tributary.tokenizers.template.ChatTemplateException;
import io.tributary.tokenizers.template.TemplateLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/** How the configured model is spoken to: read with the first call that asks. */
@ApplicationScoped
public class LoadedChat {
    private static final Logger LOG = Logger.getLogger(LoadedChat.class);

    private final ModelConfiguration model;
    private final TokenizerLimits limits;
    private Optional<ModelChat> loaded = Optional.empty();
    private boolean isLoaded;

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
     * @throws ChatTemplateException if the model's template cannot be read; the next call tries again
     */
    public synchronized Optional<ModelChat> get(Tokenizer tokenizer) {
        if (!isLoaded) {
            TemplateLimits templateLimits = new TemplateLimits(
                    TemplateLimits.DEFAULT.maximalSourceCharacters(), limits.maxTemplateSteps(), limits.maxTextBytes());
            loaded = ModelChat.open(model.requirePath(), tokenizer, templateLimits, Clock.systemUTC());
            isLoaded = true;
        }
        return loaded;
    }

    /** Where the template comes from; empty also if the model's own cannot be read, which the log says. */
    Optional<ModelChat.Source> source(Tokenizer tokenizer) {
        try {
            return get(tokenizer).map(ModelChat::source);
        } catch (ChatTemplateException broken) {
            LOG.error("The model's chat template cannot be read", broken);
            return Optional.empty();
        }
    }
}
