package io.tributary.tokenizers;

import java.util.Set;

/**
 * Names of tokens that steer a model, whatever their file calls them. Publishers mark some of them as ordinary added
 * tokens, so that a text with such a name in it would steer the model; here it stays a text.
 */
final class ControlName {
    private static final Set<String> NAMES =
            Set.of("<s>", "</s>", "<unk>", "<pad>", "<mask>", "<bos>", "<eos>", "<2mass>", "[@BOS@]");

    private ControlName() {}

    /** Whether a token of this name steers a model; the forms are those of published models. */
    static boolean matches(String name) {
        return NAMES.contains(name)
                || (name.startsWith("<|") && name.endsWith("|>"))
                || (name.startsWith("<\uFF5C") && name.endsWith("\uFF5C>"))
                || (name.startsWith("<unused") && name.endsWith(">"));
    }
}
