package io.tributary.tokenizers;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a byte-level vocabulary of a GGUF file wants a text to be cut before merging.
 *
 * @param names under which tokenizer.ggml.pre calls it
 * @param wholeWordsFirst whether a cut that is in the vocabulary is taken without merging
 * @param beginsTexts whether texts begin with a token when the file does not say
 * @param splits regular expressions that cut the text, one after the other
 */
record PreTokenizer(List<String> names, boolean wholeWordsFirst, boolean beginsTexts, List<String> splits) {
    private static final String GPT_2_WORDS =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";

    /** The expressions are those with which the models were trained; `default` is llama.cpp's for all other models. */
    private static final List<PreTokenizer> SUPPORTED = List.of(
            new PreTokenizer(
                    List.of("default"),
                    false,
                    false,
                    List.of("[\\p{P}\\$\\+<=>\\^~\\|]+", GPT_2_WORDS, "\\p{N}+", "[0-9][0-9][0-9]")),
            new PreTokenizer(List.of("gpt-2"), false, false, List.of(GPT_2_WORDS + "|\\s+")),
            new PreTokenizer(List.of("llama-bpe", "llama-v3", "llama3"), true, true, List.of(words("\\p{N}{1,3}"))),
            new PreTokenizer(List.of("qwen2"), false, false, List.of(words("\\p{N}"))));

    private static String words(String number) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + number
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    /**
     * The pre-tokenizer of that name.
     *
     * @param file that names it, for messages
     */
    static PreTokenizer named(String name, Path file) {
        return SUPPORTED.stream()
                .filter(candidate -> candidate.names.contains(name))
                .findFirst()
                .orElseThrow(() -> new UnsupportedTokenizerException(
                        file,
                        "the pre-tokenizer '" + name + "' is not supported yet; supported are " + supportedNames()));
    }

    /** The names of all, for messages. */
    static String supportedNames() {
        return SUPPORTED.stream().flatMap(candidate -> candidate.names.stream()).collect(Collectors.joining(", "));
    }
}
