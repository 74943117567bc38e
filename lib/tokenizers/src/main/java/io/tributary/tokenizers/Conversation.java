package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * A conversation to be rendered.
 *
 * @param tools that the model may call, as OpenAI's API writes them
 * @param addGenerationPrompt whether the text ends where the assistant's answer begins
 * @param variables further variables of the template; none of {@link #RESERVED_VARIABLES}
 */
public record Conversation(
        List<Message> messages, List<ObjectNode> tools, boolean addGenerationPrompt, ObjectNode variables) {
    /** Variables that are not for the caller to set: those of the conversation, and those that hold control tokens. */
    public static final Set<String> RESERVED_VARIABLES =
            Set.of("messages", "tools", "add_generation_prompt", "bos_token", "eos_token", "unk_token", "pad_token");

    /**
     * A message.
     *
     * @param toolCalls calls of tools that the assistant made, as OpenAI's API writes them
     * @param toolCallId the call that a message of role {@code tool} answers; empty for none
     * @param name of that tool; empty for none
     */
    public record Message(String role, String content, List<ObjectNode> toolCalls, String toolCallId, String name) {
        /** A message that has to do with no tools. */
        public static Message of(String role, String content) {
            return new Message(role, content, List.of(), "", "");
        }

        private ObjectNode json() {
            ObjectNode json =
                    JsonNodeFactory.instance.objectNode().put("role", role).put("content", content);
            if (!toolCalls.isEmpty()) {
                json.putArray("tool_calls").addAll(toolCalls);
            }
            if (!toolCallId.isEmpty()) {
                json.put("tool_call_id", toolCallId);
            }
            if (!name.isEmpty()) {
                json.put("name", name);
            }
            return json;
        }
    }

    /** Checks the names of the variables. */
    public Conversation {
        for (String reserved : RESERVED_VARIABLES) {
            if (variables.has(reserved)) {
                throw new IllegalArgumentException("the variable '" + reserved + "' is set by the tokenizer itself");
            }
        }
    }

    /** What a template is given. Without tools and documents these are None, as Hugging Face has it. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putNull("documents");
        json.setAll(variables);
        ArrayNode list = json.putArray("messages");
        messages.forEach(message -> list.add(message.json()));
        JsonNode given = tools.isEmpty() ? json.nullNode() : json.arrayNode().addAll(tools);
        json.set("tools", given);
        return json.put("add_generation_prompt", addGenerationPrompt);
    }
}
