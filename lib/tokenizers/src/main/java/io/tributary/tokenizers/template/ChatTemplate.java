package io.tributary.tokenizers.template;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** A chat template, read once. Safe for use by several threads. */
public final class ChatTemplate {
    private static final String MESSAGES = "messages";

    private final List<Statement> statements;
    private final Map<String, String> constants;
    private final TemplateLimits limits;
    private final Clock clock;

    private ChatTemplate(
            List<Statement> statements, Map<String, String> constants, TemplateLimits limits, Clock clock) {
        this.statements = statements;
        this.constants = constants;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Reads a template.
     *
     * @param constants texts that the model's maker wrote, by the names of their variables, such as {@code bos_token};
     *     they are as good as text of the template
     * @param clock what {@code strftime_now} tells
     * @throws ChatTemplateException if it is no template, or too long
     */
    public static ChatTemplate of(String source, Map<String, String> constants, TemplateLimits limits, Clock clock) {
        if (source.length() > limits.maximalSourceCharacters()) {
            throw new ChatTemplateException(
                    1,
                    "the template has " + source.length() + " characters; at most " + limits.maximalSourceCharacters()
                            + " are allowed");
        }
        return new ChatTemplate(StatementParser.parse(source), Map.copyOf(constants), limits, clock);
    }

    /**
     * Renders a conversation.
     *
     * @param variables what the template is given, {@code messages} above all; all their texts are foreign
     * @throws ChatTemplateException if the template refuses them, is wrong, or goes over its limits
     */
    public RenderedChat render(ObjectNode variables) {
        Scope scope = new Scope(null);
        JsonValues values = new JsonValues();
        try {
            variables
                    .properties()
                    .forEach(entry -> scope.set(
                            entry.getKey(),
                            entry.getKey().equals(MESSAGES)
                                    ? values.messages(entry.getValue())
                                    : values.value(entry.getValue())));
        } catch (TemplateFault fault) {
            throw new ChatTemplateException(1, fault);
        }
        constants.forEach((name, text) -> scope.set(name, TextValue.trusted(text)));
        Evaluation evaluation = new Evaluation(new Meter(limits), clock, scope);
        return RenderedChat.of(new Rendering(evaluation).render(statements));
    }
}
