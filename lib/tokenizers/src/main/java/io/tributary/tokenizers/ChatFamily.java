package io.tributary.tokenizers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A family of models that are spoken to in the same way.
 *
 * @param resource the name of its usual template
 * @param architecture that its models have; empty if the control tokens tell enough
 * @param vocabularySize that its models have; 0 if the control tokens tell enough
 * @param controlTokens that its vocabularies have
 */
record ChatFamily(String resource, String architecture, int vocabularySize, Set<String> controlTokens) {
    /** The first that fits is a model's. Models like Llama 2 in all but the number of tokens are no relatives of it. */
    private static final List<ChatFamily> KNOWN = List.of(
            new ChatFamily("llama3", "", 0, Set.of("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")),
            new ChatFamily("chatml", "", 0, Set.of("<|im_start|>", "<|im_end|>")),
            new ChatFamily("gemma", "", 0, Set.of("<start_of_turn>", "<end_of_turn>")),
            new ChatFamily("phi3", "", 0, Set.of("<|user|>", "<|assistant|>", "<|end|>")),
            new ChatFamily("mistral-control-tokens", "", 0, Set.of("[INST]", "[/INST]")),
            new ChatFamily("mistral", "mistral", 0, Set.of("<s>", "</s>")),
            new ChatFamily("llama2", "llama", 32_000, Set.of("<s>", "</s>")));

    /**
     * The family of a model, if it is of a known one.
     *
     * @param architecture {@code model_type} of a config.json, or {@code general.architecture} of a GGUF file
     * @param controlTokens the names of the vocabulary's special tokens
     */
    static Optional<ChatFamily> of(String architecture, Set<String> controlTokens, int vocabularySize) {
        return KNOWN.stream()
                .filter(family -> controlTokens.containsAll(family.controlTokens))
                .filter(family -> family.architecture.isEmpty() || family.architecture.equals(architecture))
                .filter(family -> family.vocabularySize == 0 || family.vocabularySize == vocabularySize)
                .findFirst();
    }

    /** The source of the family's usual template. */
    String template() {
        String name = "chat-templates/" + resource + ".jinja";
        try (InputStream input = ChatFamily.class.getResourceAsStream(name)) {
            if (input == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
