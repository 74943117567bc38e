/** Which experts compute which tokens, with which weights, and how their outputs are added up. */
@NullMarked
package io.tributary.models.experts;

import org.jspecify.annotations.NullMarked;
