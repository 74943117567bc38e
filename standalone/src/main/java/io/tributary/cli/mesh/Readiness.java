package io.tributary.cli.mesh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** How a process of the mesh stands. */
public enum Readiness {
    READY,
    NOT_READY,
    ENDED;

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);
    private static final int OK = 200;

    /** Asks the process: a service its readiness check, the broker whether it accepts connections. */
    public static Readiness of(MeshProcess process) {
        if (process.handle().isEmpty()) {
            return ENDED;
        }
        boolean ready = process.isBroker() ? accepts(process.grpcPort()) : answersReady(process.httpPort());
        return ready ? READY : NOT_READY;
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) CALL_TIMEOUT.toMillis());
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static boolean answersReady(int port) {
        URI check = URI.create("http://127.0.0.1:" + port + "/q/health/ready");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(check).timeout(CALL_TIMEOUT).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException refused) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
