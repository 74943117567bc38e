/** The gateway: admits requests, starts sessions on the activation log, and assembles the generated tokens. */
@NullMarked
package io.tributary.gateway;

import org.jspecify.annotations.NullMarked;
