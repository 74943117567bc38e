/** Tests of grammars: random texts, independent judges and hostile input. */
@NullMarked
package io.tributary.grammars;

import org.jspecify.annotations.NullMarked;
