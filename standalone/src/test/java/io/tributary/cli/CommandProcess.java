package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packaged program as a process, started as the launcher script starts it. It writes to files, so that it never
 * waits for its reader.
 */
public final class CommandProcess implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String WARNING_OF_THE_JVM = "WARNING: Using incubator modules";
    /** A serial collector's generations; the metaspace stands on a line of its own. */
    private static final Pattern USED_HEAP = Pattern.compile("total \\d+K, used (\\d+)K");

    private static final Path ROOT = Path.of(System.getProperty("tributary.root"));

    private final Process process;
    private final Path output;
    private final Path messages;

    private CommandProcess(Process process, Path output, Path messages) {
        this.process = process;
        this.output = output;
        this.messages = messages;
    }

    /** Runs a command to its end. */
    static CommandResult run(String... arguments) {
        try (CommandProcess command = start(arguments)) {
            return command.result();
        }
    }

    /** Runs a command to its end, with further environment variables. */
    static CommandResult run(Map<String, String> environment, String... arguments) {
        try (CommandProcess command = start(environment, arguments)) {
            return command.result();
        }
    }

    /** Starts a command that goes on. */
    static CommandProcess start(String... arguments) {
        return start(Map.of(), arguments);
    }

    /** Starts a command that goes on, with further environment variables. */
    static CommandProcess start(Map<String, String> environment, String... arguments) {
        Path application = ROOT.resolve("standalone/target/quarkus-app/quarkus-run.jar");
        assertThat(application)
                .as("the packaged program; packaging comes before these tests")
                .exists();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Dtributary.root=" + ROOT,
                "-jar",
                application.toString()));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("tributary", ".out");
            Path messages = Files.createTempFile("tributary", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .redirectError(messages.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().putAll(environment);
            return new CommandProcess(builder.start(), output, messages);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Waits for the end. */
    CommandResult result() {
        assertThat(endsWithin(DEADLINE))
                .as("the command ends within %s; it has said %s", DEADLINE, messages())
                .isTrue();
        return new CommandResult(process.exitValue(), read(output), messages());
    }

    /** Whether the command ends in that time. */
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a command ran", interrupted);
        }
    }

    /** What it has said so far on standard error. */
    List<String> messages() {
        return read(messages)
                .lines()
                .filter(line -> !line.startsWith(WARNING_OF_THE_JVM))
                .toList();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Bytes of its heap that are in use behind a full collection. */
    long usedHeap() {
        diagnose("GC.run");
        Matcher used = USED_HEAP.matcher(diagnose("GC.heap_info"));
        long kibibytes = 0;
        while (used.find()) {
            kibibytes += Long.parseLong(used.group(1));
        }
        assertThat(kibibytes).as("what the JVM says of its heap").isPositive();
        return kibibytes << 10;
    }

    private String diagnose(String command) {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process diagnosis = new ProcessBuilder(tool.toString(), Long.toString(process.pid()), command)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(diagnosis.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(diagnosis.waitFor()).as(said).isZero();
            return said;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a process was looked at", interrupted);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.delete(output);
            Files.delete(messages);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
