/** The router service: mixture-of-experts layers. */
@NullMarked
package io.tributary.router;

import org.jspecify.annotations.NullMarked;
