/** Tests of who may call the gateway, and how much of it. */
@NullMarked
package io.tributary.gateway.access;

import org.jspecify.annotations.NullMarked;
