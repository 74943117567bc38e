package io.tributary.log;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a session, by which any gateway finds it in the log: {@code <lane>-<offset>-<random>}.
 *
 * @param lane on which the session lives in all topics
 * @param tokensOffset offset of that lane of the tokens topic, at most that of the session's first record
 * @param random 32 hexadecimal digits, so that nobody guesses the id of another's session
 */
public record SessionId(int lane, long tokensOffset, String random) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})-(\\d{1,18})-([0-9a-f]{32})");
    private static final int RANDOM_BYTES = 16;

    /** @throws IllegalArgumentException unless lane and offset are at least 0 and the rest is 32 hexadecimal digits */
    public SessionId {
        if (!TEXT.matcher(text(lane, tokensOffset, random)).matches()) {
            throw new IllegalArgumentException("\"%s\" is no session id".formatted(text(lane, tokensOffset, random)));
        }
    }

    /** A new id that nobody can guess. */
    public static SessionId next(int lane, long tokensOffset, SecureRandom secrets) {
        byte[] random = new byte[RANDOM_BYTES];
        secrets.nextBytes(random);
        return new SessionId(lane, tokensOffset, HexFormat.of().formatHex(random));
    }

    /** The id that a text is, if it is one. */
    public static Optional<SessionId> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(
                        new SessionId(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3)))
                : Optional.empty();
    }

    /** The id as records and clients carry it. */
    @Override
    public String toString() {
        return text(lane, tokensOffset, random);
    }

    private static String text(int lane, long tokensOffset, String random) {
        return lane + "-" + tokensOffset + "-" + random;
    }
}
