package io.tributary.gateway.access;

import java.util.Base64;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * An API key as it is made: the only time that anybody sees it.
 *
 * @param name of whom it is for
 * @param secret what the client sends
 */
public record NewApiKey(String name, String secret) {
    /** What every key begins with, so that people and scanners of repositories know one when they see it. */
    static final String PREFIX = "tributary_";

    private static final int RANDOM_BYTES = 32;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /**
     * Makes a key of 256 random bits.
     *
     * @param random where they come from; a secure one outside of tests
     * @throws IllegalArgumentException for a name other than of 1 to 63 of a-z, 0-9 and -
     */
    public static NewApiKey of(String name, RandomGenerator random) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "is \"%s\"; 1 to 63 of a-z, 0-9 and - are possible, the first no -".formatted(name));
        }
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return new NewApiKey(
                name, PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** The line of the gateway's configuration that lets the key in. */
    public String property() {
        return "tributary.gateway.api-keys.\"%s\".sha256=%s".formatted(name, ApiKeyHash.of(secret));
    }

    /** The same as an environment variable, in which a - of the name is read back as a dot. */
    public String environmentVariable() {
        return "TRIBUTARY_GATEWAY_API_KEYS__%s__SHA256=%s"
                .formatted(name.toUpperCase(Locale.ROOT).replace('-', '_'), ApiKeyHash.of(secret));
    }

    /** Without the secret, which must not get into a log. */
    @Override
    public String toString() {
        return "key " + name;
    }
}
