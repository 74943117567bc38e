package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tributary.proto.log.v1.Activation;
import io.tributary.proto.log.v1.LaneRecord;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of both transports share: a log with an empty topic of its own for each test. */
@Timeout(120)
abstract class ActivationLogContract {
    static final int LANES = 5;

    final Topic<LaneRecord> topic = Topics.stage("model-" + UUID.randomUUID(), 0);
    ActivationLog log = openLog();

    abstract ActivationLog openLog();

    @BeforeEach
    void createTopic() {
        log.createTopics(List.of(topic));
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    static LaneRecord numbered(int number) {
        return LaneRecord.newBuilder().setSessionId("session-" + number).build();
    }

    /** A record whose message has exactly this many bytes. */
    static LaneRecord ofBytes(int bytes) {
        LaneRecord frame = withHiddenStates(bytes);
        return withHiddenStates(2 * bytes - frame.getSerializedSize());
    }

    private static LaneRecord withHiddenStates(int bytes) {
        return LaneRecord.newBuilder()
                .setActivation(Activation.newBuilder().setHiddenStates(ByteString.copyFrom(new byte[bytes])))
                .build();
    }

    /** Appends records numbered from first to end - 1 and waits until the log holds them. */
    void append(int lane, int first, int end) {
        LogWriter<LaneRecord> writer = log.writer(topic);
        for (int number = first; number < end; number++) {
            assertThat(append(writer, lane, numbered(number))).succeedsWithin(20, TimeUnit.SECONDS);
        }
    }

    static CompletableFuture<Long> append(LogWriter<LaneRecord> writer, int lane, LaneRecord record) {
        CompletionStage<Long> appended = writer.append(lane, record, record.getSessionId(), Map.of());
        return appended.toCompletableFuture();
    }

    static List<Integer> numbers(List<LogRecord<LaneRecord>> records) {
        return records.stream()
                .map(record -> Integer.valueOf(record.value().getSessionId().substring("session-".length())))
                .toList();
    }
}
