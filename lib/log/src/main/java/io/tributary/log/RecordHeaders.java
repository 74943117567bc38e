package io.tributary.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Which headers travel beside a record, and their form in Kafka: names and values in UTF-8. */
final class RecordHeaders {
    /** Most headers of a record. */
    static final int MAXIMAL_COUNT = 16;
    /** Longest name or value in bytes; W3C asks for 512 at least. */
    static final int MAXIMAL_BYTES = 1024;

    private RecordHeaders() {}

    /** The headers that are kept of those a writer was given. */
    static Map<String, String> bounded(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return Map.of();
        }
        Map<String, String> kept = HashMap.newHashMap(headers.size());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (kept.size() < MAXIMAL_COUNT && fits(header.getKey()) && fits(header.getValue())) {
                kept.put(header.getKey(), header.getValue());
            }
        }
        return Map.copyOf(kept);
    }

    /** Adds headers to those of a Kafka record. */
    static void write(Map<String, String> headers, Headers target) {
        bounded(headers).forEach((name, value) -> target.add(name, value.getBytes(StandardCharsets.UTF_8)));
    }

    /** The readable headers of a Kafka record; of several with one name the last. */
    static Map<String, String> read(Headers headers) {
        Map<String, String> read = HashMap.newHashMap(4);
        for (Header header : headers) {
            if (fits(header.key()) && (read.size() < MAXIMAL_COUNT || read.containsKey(header.key()))) {
                decoded(header.value()).ifPresent(value -> read.put(header.key(), value));
            }
        }
        return Map.copyOf(read);
    }

    private static boolean fits(String text) {
        // A char is at least one byte and at most three: the exact length matters in between only.
        return text.length() * 3L <= MAXIMAL_BYTES
                || (text.length() <= MAXIMAL_BYTES && text.getBytes(StandardCharsets.UTF_8).length <= MAXIMAL_BYTES);
    }

    private static Optional<String> decoded(byte @Nullable [] value) {
        if (value == null || value.length > MAXIMAL_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString());
        } catch (CharacterCodingException unreadable) {
            return Optional.empty();
        }
    }
}
