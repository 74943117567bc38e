/** Tests of what the edges of all services share. */
@NullMarked
package io.tributary.edge;

import org.jspecify.annotations.NullMarked;
