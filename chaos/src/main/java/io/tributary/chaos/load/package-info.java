/** Clients: their requests, what they do when a stream breaks, and how what they receive is compared. */
@NullMarked
package io.tributary.chaos.load;

import org.jspecify.annotations.NullMarked;
