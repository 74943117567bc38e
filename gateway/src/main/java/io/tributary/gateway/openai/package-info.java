/** The gateway's HTTP API, as OpenAI's clients speak it: each request is translated into a call of the gRPC contract. */
@NullMarked
package io.tributary.gateway.openai;

import org.jspecify.annotations.NullMarked;
