package io.tributary.gateway;

import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateRequest;

/** A client's conversation as a request to the tokenizer. */
final class ChatRendering {
    private ChatRendering() {}

    /** Renders up to where the assistant's answer begins. */
    static ApplyChatTemplateRequest of(ChatPrompt chat) {
        ApplyChatTemplateRequest.Builder rendering = ApplyChatTemplateRequest.newBuilder()
                .setAddGenerationPrompt(true)
                .addAllTools(chat.getToolsList())
                .setVariables(chat.getTemplateVariables());
        chat.getMessagesList().forEach(message -> rendering.addMessages(message(message)));
        return rendering.build();
    }

    private static io.tributary.proto.tokenizer.v1.ChatMessage message(ChatMessage message) {
        return io.tributary.proto.tokenizer.v1.ChatMessage.newBuilder()
                .setRole(message.getRole())
                .setContent(message.getContent())
                .addAllToolCalls(message.getToolCallsList())
                .setToolCallId(message.getToolCallId())
                .setName(message.getName())
                .build();
    }
}
