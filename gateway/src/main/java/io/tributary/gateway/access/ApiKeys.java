package io.tributary.gateway.access;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.tributary.gateway.access.Caller.Origin;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The API keys that the gateway knows. */
@Singleton
public class ApiKeys {
    private final Map<Caller, ApiKeyHash> hashes = new LinkedHashMap<>();

    @Inject
    ApiKeys(AccessConfiguration configuration) {
        configuration.apiKeys().forEach((name, key) -> hashes.put(new Caller(Origin.KEY, name), hash(name, key)));
    }

    /** Whether there are none. */
    boolean isEmpty() {
        return hashes.isEmpty();
    }

    /** Whose key it is. Looks at all keys, so that its time does not tell which one was nearly right. */
    Optional<Caller> ownerOf(String key) {
        ApiKeyHash presented = ApiKeyHash.of(key);
        Optional<Caller> owner = Optional.empty();
        for (Map.Entry<Caller, ApiKeyHash> known : hashes.entrySet()) {
            if (known.getValue().matches(presented)) {
                owner = Optional.of(known.getKey());
            }
        }
        return owner;
    }

    private static ApiKeyHash hash(String name, AccessConfiguration.ApiKey key) {
        try {
            return ApiKeyHash.parse(key.sha256());
        } catch (IllegalArgumentException unreadable) {
            throw new ConfigurationException(
                    "tributary.gateway.api-keys.\"%s\".sha256 is no SHA-256: 64 hexadecimal digits are needed, as `tributary key new` prints them"
                            .formatted(name));
        }
    }
}
