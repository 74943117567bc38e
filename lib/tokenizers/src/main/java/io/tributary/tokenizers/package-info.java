/** Text to token ids and back, exactly: vocabularies from Hugging Face, SentencePiece and GGUF files. */
@NullMarked
package io.tributary.tokenizers;

import org.jspecify.annotations.NullMarked;
