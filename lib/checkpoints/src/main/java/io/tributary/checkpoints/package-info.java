/** Model files as named tensors and configuration: Hugging Face directories (safetensors) and GGUF files. */
@NullMarked
package io.tributary.checkpoints;

import org.jspecify.annotations.NullMarked;
