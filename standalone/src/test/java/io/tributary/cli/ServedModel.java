package io.tributary.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * `tributary serve` as a process on free ports.
 *
 * @param process closed with this
 * @param grpcPort on loopback
 * @param httpPort on loopback
 */
public record ServedModel(CommandProcess process, int grpcPort, int httpPort) implements AutoCloseable {
    private static final Pattern PORTS =
            Pattern.compile("gRPC on 127\\.0\\.0\\.1:(\\d+), HTTP on 127\\.0\\.0\\.1:(\\d+)");
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int OK = 200;

    /** Serves the shipped model, and waits until it is ready. */
    public static ServedModel start() {
        return start(Map.of());
    }

    /** The same with further environment variables. */
    static ServedModel start(Map<String, String> environment) {
        return await(CommandProcess.start(environment, "serve", "--grpc-port", "0", "--http-port", "0"));
    }

    /** Serves a model, and waits until it is ready. */
    public static ServedModel start(Path model) {
        return await(
                CommandProcess.start("serve", "--model", model.toString(), "--grpc-port", "0", "--http-port", "0"));
    }

    private static ServedModel await(CommandProcess process) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < deadline && !process.endsWithin(POLL)) {
                Matcher ports = PORTS.matcher(String.join("\n", process.messages()));
                if (ports.find()) {
                    ServedModel served = new ServedModel(
                            process, Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)));
                    if (served.isReady(client)) {
                        return served;
                    }
                }
            }
        }
        try (process) {
            throw new AssertionError("not ready within " + DEADLINE + "; it has said " + process.messages());
        }
    }

    /** The gateway's address, as `--gateway` takes it. */
    String gateway() {
        return "127.0.0.1:" + grpcPort;
    }

    /** Bytes of its heap that are in use once everything is collected that can be. */
    public long usedHeap() {
        return process.usedHeap();
    }

    /** Whether somebody listens on one of its ports. */
    boolean listens() {
        return accepts(grpcPort) || accepts(httpPort);
    }

    private boolean isReady(HttpClient client) {
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/q/health/ready"))
                .timeout(DEADLINE)
                .build();
        try {
            return client.send(question, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException refused) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the model was loaded", interrupted);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
