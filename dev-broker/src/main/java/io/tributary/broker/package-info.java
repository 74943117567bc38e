/** A single-node Kafka broker for one machine and for tests. */
@NullMarked
package io.tributary.broker;

import org.jspecify.annotations.NullMarked;
