/** Text encoders beside ONNX Runtime. */
@NullMarked
package io.tributary.bench.encoder;

import org.jspecify.annotations.NullMarked;
