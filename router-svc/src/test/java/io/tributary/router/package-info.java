/** Tests of the router service. */
@NullMarked
package io.tributary.router;

import org.jspecify.annotations.NullMarked;
