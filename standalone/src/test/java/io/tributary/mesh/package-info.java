/** Tests of the whole mesh: in one JVM, and as processes around a real broker. */
@NullMarked
package io.tributary.mesh;

import org.jspecify.annotations.NullMarked;
