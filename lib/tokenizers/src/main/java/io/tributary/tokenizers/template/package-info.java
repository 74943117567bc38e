/**
 * Chat templates: an evaluator of the part of Jinja that models' templates use, with the results of Hugging Face's {@code
 * apply_chat_template}. A template reaches the values that it is given and nothing else, within {@link
 * io.tributary.tokenizers.template.TemplateLimits}.
 */
@NullMarked
package io.tributary.tokenizers.template;

import org.jspecify.annotations.NullMarked;
