package io.tributary.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateRequest;
import io.tributary.proto.tokenizer.v1.ChatMessage;
import io.tributary.tokenizers.Conversation;
import java.util.ArrayList;
import java.util.List;

/** Reads the conversations of requests; what is wrong is said with its field. */
final class ChatRequests {
    private static final int MAXIMAL_NESTING = 64;
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAXIMAL_NESTING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ChatRequests() {}

    static Conversation conversation(ApplyChatTemplateRequest request) {
        if (request.getMessagesCount() == 0) {
            throw GrpcErrors.invalidArgument("messages", "a conversation has at least one message");
        }
        List<Conversation.Message> messages = new ArrayList<>();
        for (int index = 0; index < request.getMessagesCount(); index++) {
            messages.add(message(request.getMessages(index), "messages[" + index + "]"));
        }
        List<ObjectNode> tools = objects(request.getToolsList(), "tools");
        return new Conversation(messages, tools, request.getAddGenerationPrompt(), variables(request));
    }

    private static Conversation.Message message(ChatMessage message, String field) {
        if (message.getRole().isEmpty()) {
            throw GrpcErrors.invalidArgument(field + ".role", "it is empty; wanted is system, user, assistant or tool");
        }
        return new Conversation.Message(
                message.getRole(),
                message.getContent(),
                objects(message.getToolCallsList(), field + ".tool_calls"),
                message.getToolCallId(),
                message.getName());
    }

    private static List<ObjectNode> objects(List<String> texts, String field) {
        List<ObjectNode> objects = new ArrayList<>();
        for (int index = 0; index < texts.size(); index++) {
            objects.add(object(texts.get(index), field + "[" + index + "]"));
        }
        return objects;
    }

    private static ObjectNode object(String text, String field) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException noJson) {
            throw GrpcErrors.invalidArgument(field, "it is no JSON: " + noJson.getOriginalMessage());
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw GrpcErrors.invalidArgument(field, "wanted is the JSON text of an object");
    }

    private static ObjectNode variables(ApplyChatTemplateRequest request) {
        ObjectNode variables = request.getVariables().isEmpty()
                ? MAPPER.createObjectNode()
                : object(request.getVariables(), "variables");
        for (String reserved : Conversation.RESERVED_VARIABLES) {
            if (variables.has(reserved)) {
                throw GrpcErrors.invalidArgument(
                        "variables",
                        "'" + reserved + "' is not for the caller to set; it comes from the request or the model");
            }
        }
        return variables;
    }
}
