/** The gateway's chat page in a browser. */
@NullMarked
package io.tributary.page;

import org.jspecify.annotations.NullMarked;
