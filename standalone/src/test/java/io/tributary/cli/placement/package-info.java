/** Tests of placements of experts. */
@NullMarked
package io.tributary.cli.placement;

import org.jspecify.annotations.NullMarked;
