/** Which experts a model uses for the tokens of a text: recorded, counted, drawn. */
@NullMarked
package io.tributary.cli.experts;

import org.jspecify.annotations.NullMarked;
