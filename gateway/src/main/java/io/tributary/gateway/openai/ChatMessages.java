package io.tributary.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.proto.gateway.v1.ChatMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The messages of a conversation, in the form of the contract. */
final class ChatMessages {
    private static final int MOST_MESSAGES = 4096;

    /** Names of the tools that were called so far, by the ids of the calls. */
    private final Map<String, String> calledTools = new HashMap<>();

    private ChatMessages() {}

    static List<ChatMessage> of(Fields body) {
        List<Fields> given = body.objects("messages");
        if (given.isEmpty() || given.size() > MOST_MESSAGES) {
            throw body.bad("messages", "has %d messages; 1 to %d are allowed".formatted(given.size(), MOST_MESSAGES));
        }
        ChatMessages reading = new ChatMessages();
        List<ChatMessage> messages = new ArrayList<>();
        given.forEach(message -> messages.add(reading.message(message)));
        return messages;
    }

    private ChatMessage message(Fields message) {
        String role = role(message);
        ChatMessage.Builder built = ChatMessage.newBuilder().setRole(role).setContent(content(message));
        message.objects("tool_calls").forEach(call -> built.addToolCalls(toolCall(call)));
        message.text("name").ifPresent(built::setName);
        if (role.equals("tool")) {
            String id = message.requiredText("tool_call_id");
            built.setToolCallId(id);
            if (built.getName().isEmpty()) {
                built.setName(calledTools.getOrDefault(id, ""));
            }
        }
        if (built.getContent().isEmpty() && message.value("content").isEmpty() && built.getToolCallsCount() == 0) {
            throw message.missing("content", "a string or a list of text parts");
        }
        return built.build();
    }

    /** Templates know what OpenAI's newer models call a developer by its older name. */
    private static String role(Fields message) {
        String role = message.requiredText("role");
        return switch (role) {
            case "developer", "system" -> "system";
            case "user", "assistant", "tool" -> role;
            default ->
                throw message.bad(
                        "role", "is \"%s\"; system, developer, user, assistant and tool are known".formatted(role));
        };
    }

    private static String content(Fields message) {
        if (message.value("content").filter(JsonNode::isArray).isEmpty()) {
            return message.text("content").orElse("");
        }
        StringBuilder text = new StringBuilder();
        for (Fields part : message.objects("content")) {
            String type = part.requiredText("type");
            if (!type.equals("text")) {
                throw part.bad("type", "is \"%s\"; only parts of type text are supported".formatted(type));
            }
            text.append(part.requiredText("text"));
        }
        return text.toString();
    }

    /** Templates want arguments as an object; OpenAI's clients send the text of one. */
    private String toolCall(Fields call) {
        Fields function = call.object("function").orElseThrow(() -> call.missing("function", "an object"));
        String name = function.requiredText("name");
        call.text("id").ifPresent(id -> calledTools.put(id, name));
        ObjectNode copy = call.object().deepCopy();
        copy.withObject("/function").set("arguments", arguments(function));
        return copy.toString();
    }

    private static JsonNode arguments(Fields function) {
        String text =
                function.text("arguments").filter(given -> !given.isBlank()).orElse("{}");
        if (Json.parse(text) instanceof ObjectNode arguments) {
            return arguments;
        }
        throw function.bad("arguments", "is no JSON text of an object");
    }
}
