/** The HTTP API in front of the whole mesh, as clients of OpenAI's API use it. */
@NullMarked
package io.tributary.openai;

import org.jspecify.annotations.NullMarked;
