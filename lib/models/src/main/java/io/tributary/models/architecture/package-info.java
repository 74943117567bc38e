/** What a model is, as a value: the composition of its blocks, read from the configuration of a checkpoint. */
@NullMarked
package io.tributary.models.architecture;

import org.jspecify.annotations.NullMarked;
