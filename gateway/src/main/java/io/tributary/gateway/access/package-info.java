/** Who may call the gateway, and how much of it: API keys, OIDC tokens, quotas. */
@NullMarked
package io.tributary.gateway.access;

import org.jspecify.annotations.NullMarked;
