/** Tests of the HTTP API, with a stand-in for the gateway's gRPC service. */
@NullMarked
package io.tributary.gateway.openai;

import org.jspecify.annotations.NullMarked;
