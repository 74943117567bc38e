/** The rules of the whole source: which module may use which, what no class does, and what the documentation lists. */
@NullMarked
package io.tributary.architecture;

import org.jspecify.annotations.NullMarked;
