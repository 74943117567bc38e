package io.tributary.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.tributary.edge.TraceContext;
import io.tributary.proto.gateway.v1.GenerateResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of requests whose clients leave, do not read, or are many. */
class HttpConnectionsTest extends ServedApi {
    @Test
    void theTraceOfARequestGoesAlong() throws Exception {
        String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        ok(send(request(CHAT)
                .header("Content-Type", "application/json")
                .header("traceparent", traceparent)
                .header("tracestate", "vendor=opaque")
                .POST(HttpRequest.BodyPublishers.ofString("{\"n\": 2, " + HELLO + "}"))
                .build()));
        ok(chat(""));

        assertThat(gateway.traces)
                .containsExactly(
                        new TraceContext(traceparent, "vendor=opaque"),
                        new TraceContext(traceparent, "vendor=opaque"),
                        new TraceContext(null, null));
    }

    @Test
    void aClientThatGoesAwayCancelsItsStream() throws Exception {
        gateway.answers(request -> gateway.endless("word "));

        try (Socket socket = open(", \"stream\": true")) {
            InputStream input = socket.getInputStream();
            assertThat(new String(input.readNBytes(200), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200");
        }

        assertThat(gateway.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatGoesAwayBeforeItsDocumentIsThereCancelsIt() throws Exception {
        gateway.answers(request -> Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(ScriptedGateway.started()),
                        Multi.createFrom().<GenerateResponse>nothing()));

        try (Socket socket = open("")) {
            while (gateway.requests.isEmpty()) {
                Thread.sleep(1);
            }
            assertThat(socket.isConnected()).isTrue();
        }

        assertThat(gateway.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatDoesNotReadHoldsTheGenerationUp() throws Exception {
        gateway.answers(request -> gateway.endless("word ".repeat(200)));

        try (Socket socket = open(", \"stream\": true")) {
            assertThat(socket.getInputStream().readNBytes(100)).hasSize(100);
            long before = awaitStandstill();

            assertThat(before).isLessThan(20_000);
            assertThat(socket.getInputStream().readNBytes(20_000_000)).hasSize(20_000_000);
            assertThat(gateway.endlessTokens.get()).isGreaterThan(before);
        }
    }

    /** The number of tokens once it has not changed for a while. */
    private long awaitStandstill() throws InterruptedException {
        long last = -1;
        for (int poll = 0; poll < 200 && gateway.endlessTokens.get() != last; poll++) {
            last = gateway.endlessTokens.get();
            Thread.sleep(100);
        }
        assertThat(gateway.endlessTokens.get()).isEqualTo(last);
        return last;
    }

    @Test
    void moreRequestsThanThereIsRoomForAreRefusedAtOnce() throws Exception {
        gateway.answers(request -> gateway.endless("word "));
        List<Socket> open = new ArrayList<>();
        try {
            for (int socket = 0; socket < 4; socket++) {
                open.add(open(", \"stream\": true"));
                assertThat(open.getLast().getInputStream().read()).isEqualTo('H');
            }
            HttpResponse<String> refused = chat("");

            refused(refused, 429);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private Socket open(String members) throws IOException {
        String body = "{" + HELLO + members + "}";
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) DEADLINE.toMillis());
        socket.getOutputStream()
                .write(("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
