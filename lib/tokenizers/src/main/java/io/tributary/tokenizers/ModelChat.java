package io.tributary.tokenizers;

import io.tributary.tokenizers.template.ChatTemplate;
import io.tributary.tokenizers.template.ChatTemplateException;
import io.tributary.tokenizers.template.RenderedChat;
import io.tributary.tokenizers.template.TemplateLimits;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * How a model is spoken to: its chat template, or the usual one of its family, and the ids of what they render. Safe for
 * use by several threads, as long as the tokenizer is open.
 */
public final class ModelChat {
    private final Tokenizer tokenizer;
    private final ControlTokens controlTokens;
    private final Source source;
    private final ChatTemplate template;
    private final ChatTemplate toolTemplate;

    /** Where a template comes from. */
    public enum Source {
        /** The model's files. */
        MODEL,
        /** The family that the model is of. */
        FAMILY
    }

    private ModelChat(
            Tokenizer tokenizer,
            ControlTokens controlTokens,
            Source source,
            ChatTemplate template,
            ChatTemplate toolTemplate) {
        this.tokenizer = tokenizer;
        this.controlTokens = controlTokens;
        this.source = source;
        this.template = template;
        this.toolTemplate = toolTemplate;
    }

    /**
     * Finds the template of a model: chat_template.jinja, {@code chat_template} of tokenizer_config.json, or {@code
     * tokenizer.chat_template} of a GGUF file; else that of its family, told by its architecture and control tokens.
     *
     * @param model as for {@link Tokenizer#open}
     * @param tokenizer the model's own; it stays the caller's to close
     * @param clock what templates take for the time
     * @return empty if the model has no template and is of no known family
     * @throws ChatTemplateException if the model's template cannot be read
     * @throws TokenizerException if a file beside it is broken
     */
    public static Optional<ModelChat> open(Path model, Tokenizer tokenizer, TemplateLimits limits, Clock clock) {
        ChatTemplateFiles files = ChatTemplateFiles.read(model, tokenizer);
        ControlTokens controlTokens = new ControlTokens(tokenizer, files.stripsBefore(), files.stripsAfter());
        if (files.template().isPresent()) {
            ChatTemplate template = ChatTemplate.of(files.template().get(), files.tokens(), limits, clock);
            ChatTemplate tools = files.toolTemplate()
                    .map(source -> ChatTemplate.of(source, files.tokens(), limits, clock))
                    .orElse(template);
            return Optional.of(new ModelChat(tokenizer, controlTokens, Source.MODEL, template, tools));
        }
        return ChatFamily.of(files.architecture(), controlTokens.names(), tokenizer.vocabularySize())
                .map(family -> ofFamily(family, tokenizer, controlTokens, files.tokens(), limits, clock));
    }

    private static ModelChat ofFamily(
            ChatFamily family,
            Tokenizer tokenizer,
            ControlTokens controlTokens,
            Map<String, String> tokens,
            TemplateLimits limits,
            Clock clock) {
        ChatTemplate template = ChatTemplate.of(family.template(), tokens, limits, clock);
        return new ModelChat(tokenizer, controlTokens, Source.FAMILY, template, template);
    }

    /** Where the template comes from. */
    public Source source() {
        return source;
    }

    /**
     * The text of a conversation.
     *
     * @throws ChatTemplateException if the template refuses it, is wrong, or goes over its limits
     */
    public RenderedChat render(Conversation conversation) {
        return (conversation.tools().isEmpty() ? template : toolTemplate).render(conversation.json());
    }

    /**
     * The ids of a rendered conversation: control tokens where the template wrote their names, and text everywhere else.
     * Every text between two control tokens is encoded as a text of its own, with the leading space that the tokenizer
     * gives to one.
     *
     * @throws TextTooLongException if a text is longer than the tokenizer takes
     */
    public int[] encode(RenderedChat chat) {
        return controlTokens.encode(chat, tokenizer);
    }
}
