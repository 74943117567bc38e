package io.tributary.gateway;

import static io.tributary.gateway.ChatClient.says;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.tributary.gateway.ChatClient.Answer;
import io.tributary.log.ActivationLog;
import io.tributary.proto.log.v1.LaneRecord;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations in which nothing is said for a while, at a gateway that waits for nobody. */
@QuarkusTest
@TestProfile(IdleChatTest.Impatient.class)
@WithTestResource(TokenizerStandIn.class)
class IdleChatTest {
    /** Time-outs that a test can wait for. */
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "tributary.gateway.chat-session-timeout", "1ms",
                    "tributary.gateway.chat-idle-timeout", "5s",
                    "tributary.gateway.max-conversations", "1");
        }
    }

    @Inject
    ActivationLog log;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;
    private ShardStandIn shard;

    @BeforeEach
    void open() {
        shard = new ShardStandIn(log);
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() throws InterruptedException {
        channel.shutdownNow();
        shard.close();
    }

    @Test
    void aSessionThatWaitsTooLongIsFreedAndAConversationThatDoesSoEnds() throws Exception {
        ChatClient client = new ChatClient(channel);
        Answer first = client.ask(says("a"));
        shard.awaitWritten(first.started().getSessionId(), LaneRecord::hasClose);
        Answer second = client.ask(says("b"));

        assertThat(second.text()).isEqualTo("B");
        assertThat(second.started().getSessionId()).isNotEqualTo(first.started().getSessionId());
        assertThat(second.started().getPromptTokens()).isEqualTo(10);
        ChatClient oneTooMany = new ChatClient(channel);
        oneTooMany.send(says("a"));
        assertThat(oneTooMany.failure().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        Status end = client.failure();
        assertThat(end.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(end.getDescription()).contains("no turn came for 5 s");
        assertThat(new ChatClient(channel).ask(says("c")).text()).isEqualTo("C");
    }
}
