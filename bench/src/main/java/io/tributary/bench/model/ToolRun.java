package io.tributary.bench.model;

import io.tributary.bench.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of another program, to its end. */
final class ToolRun {
    private static final long MOST_MINUTES = 60;
    private static final int MOST_ERROR_TEXT = 2000;

    private ToolRun() {}

    /**
     * What the program printed.
     *
     * @throws BenchException when it does not start, fails, or takes over an hour
     */
    static String output(List<String> command) {
        try {
            Path directory = Files.createTempDirectory("tributary-bench");
            Path output = directory.resolve("output");
            Path errors = directory.resolve("errors");
            try {
                run(command, output, errors);
                return Files.readString(output, StandardCharsets.UTF_8);
            } finally {
                Files.deleteIfExists(output);
                Files.deleteIfExists(errors);
                Files.deleteIfExists(directory);
            }
        } catch (IOException failure) {
            throw new BenchException(command.getFirst() + " cannot be run: " + failure.getMessage(), failure);
        }
    }

    private static void run(List<String> command, Path output, Path errors) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                throw new BenchException(
                        String.join(" ", command) + " was not done after " + MOST_MINUTES + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new BenchException(String.join(" ", command) + " ended with status " + process.exitValue() + ": "
                        + end(Files.readString(errors, StandardCharsets.ISO_8859_1)));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while " + command.getFirst() + " was running", interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String end(String text) {
        String stripped = text.strip();
        return stripped.substring(Math.max(0, stripped.length() - MOST_ERROR_TEXT));
    }
}
