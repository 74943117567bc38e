/** What the machine can do at most, and what it is. */
@NullMarked
package io.tributary.bench.machine;

import org.jspecify.annotations.NullMarked;
