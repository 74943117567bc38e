/** Tests of the broker for one machine. */
@NullMarked
package io.tributary.broker;

import org.jspecify.annotations.NullMarked;
