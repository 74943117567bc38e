package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class RecordHeadersTest {
    private final Headers kafka = new org.apache.kafka.common.header.internals.RecordHeaders();

    @Test
    void headersGoToKafkaAndBackInUtf8() {
        Map<String, String> headers = Map.of("traceparent", "00-ab-cd-01", "tracestate", "\u00fc=\u2713", "empty", "");
        RecordHeaders.write(headers, kafka);
        assertThat(kafka.lastHeader("tracestate").value()).isEqualTo("\u00fc=\u2713".getBytes(StandardCharsets.UTF_8));
        assertThat(RecordHeaders.read(kafka)).isEqualTo(headers);
    }

    @Test
    void aHeaderThatIsNoUtf8OrHasNoValueIsLeftOutAndTheOthersStay() {
        kafka.add("broken", new byte[] {'a', (byte) 0xff});
        kafka.add(new RecordHeader("absent", (byte[]) null));
        kafka.add("whole", new byte[] {'b'});
        assertThat(RecordHeaders.read(kafka)).isEqualTo(Map.of("whole", "b"));
    }

    @Test
    void aHeaderMayHaveAsManyBytesAsAllowedButNoMore() {
        Map<String, String> headers = Map.of(
                "most",
                "a".repeat(1024),
                "wide",
                "\u2713".repeat(341),
                "long",
                "a".repeat(1025),
                "n".repeat(1025),
                "v");
        assertThat(RecordHeaders.bounded(headers)).containsOnlyKeys("most", "wide");
        kafka.add("long", new byte[1025]);
        kafka.add("most", "a".repeat(1024).getBytes(StandardCharsets.UTF_8));
        assertThat(RecordHeaders.read(kafka)).containsOnlyKeys("most");
    }

    @Test
    void ofTooManyHeadersSixteenAreKept() {
        Map<String, String> many = new HashMap<>();
        for (int header = 0; header < 21; header++) {
            many.put("name-" + header, "value");
            kafka.add("name-" + header, new byte[] {'v'});
        }
        assertThat(RecordHeaders.bounded(many)).hasSize(16);
        assertThat(RecordHeaders.read(kafka)).hasSize(16);
    }

    @Test
    void ofHeadersWithOneNameTheLastCounts() {
        kafka.add("traceparent", new byte[] {'1'});
        kafka.add("traceparent", new byte[] {'2'});
        assertThat(RecordHeaders.read(kafka)).isEqualTo(Map.of("traceparent", "2"));
    }
}
