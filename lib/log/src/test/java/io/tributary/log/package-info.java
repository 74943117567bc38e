/** Tests of the activation log: one contract for both transports, and what is particular to each. */
@NullMarked
package io.tributary.log;

import org.jspecify.annotations.NullMarked;
