package io.tributary.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.log.ActivationLog;
import io.tributary.log.LogClosedException;
import io.tributary.log.LogReader;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The log of experts inside one process. */
class ExpertLogsTest {
    private static final Topic<ExpertWorkRecord> WORK = Topics.expertWork("mixture");

    private record Settings(
            Transport transport,
            String bootstrapServers,
            int lanes,
            int replication,
            Duration retention,
            Duration deadline,
            Duration deliveryTimeout,
            Map<String, String> client)
            implements LogConfiguration {}

    private final ExpertLogs logs = new ExpertLogs(new Settings(
            LogConfiguration.Transport.IN_PROCESS,
            "",
            8,
            1,
            Duration.ofHours(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Map.of()));

    @Test
    void aRouterAndAShardOfAProcessMeetOnALaneForEachExpert() {
        ActivationLog router = logs.of(60);
        ActivationLog shard = logs.of(60);
        router.createTopics(List.of(WORK));
        ExpertWorkRecord work =
                ExpertWorkRecord.newBuilder().setShardId("shard").build();
        try (LogReader<ExpertWorkRecord> reader = shard.followFromEnd(WORK, Set.of(59))) {
            router.writer(WORK).append(59, work, "router", Map.of());

            assertThat(reader.poll(Duration.ofSeconds(10)).getFirst().value()).isEqualTo(work);
        }
        assertThat(router.lanes()).isEqualTo(60);
    }

    @Test
    void theLogsCloseWithTheProcess() {
        ActivationLog log = logs.of(4);
        logs.close();
        assertThatThrownBy(() -> log.createTopics(List.of(WORK))).isInstanceOf(LogClosedException.class);
    }
}
