/** What the edges of all services share: gRPC errors, trace context, and the configuration of model and log. */
@NullMarked
package io.tributary.edge;

import org.jspecify.annotations.NullMarked;
