/** Hostile input against every endpoint of a served model. */
@NullMarked
package io.tributary.fuzz;

import org.jspecify.annotations.NullMarked;
