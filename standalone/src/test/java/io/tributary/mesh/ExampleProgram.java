package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the programs of docs/examples as their readers would. */
final class ExampleProgram {
    private static final Path ROOT = Path.of(System.getProperty("tributary.root"));
    private static final Path DIRECTORY = ROOT.resolve("docs/examples");
    private static final long DEADLINE_SECONDS = 120;

    private ExampleProgram() {}

    /** What a program in Java prints, with the libraries of the packaged services. */
    static String java(String program, String... arguments) throws IOException, InterruptedException {
        Path libraries = ROOT.resolve("standalone/target/quarkus-app/lib/main");
        assertThat(libraries)
                .as("the packaged program; packaging comes before these tests")
                .isDirectory();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return output(command(List.of(java.toString(), "-cp", libraries + "/*", program), arguments));
    }

    /** What a program in JavaScript prints; the test is skipped if its packages cannot be installed. */
    static String node(String program, String... arguments) throws IOException, InterruptedException {
        if (!Files.isDirectory(DIRECTORY.resolve("node_modules"))) {
            assumeTrue(
                    NodePackage.runs(DIRECTORY, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"),
                    "npm is not installed, or its registry is not reachable");
        }
        return output(command(List.of("node", program), arguments));
    }

    /** What a program in Python prints. */
    static String python(String program, String... arguments) throws IOException, InterruptedException {
        return output(command(List.of("python3", program), arguments));
    }

    private static String[] command(List<String> program, String... arguments) {
        return Stream.concat(program.stream(), Stream.of(arguments)).toArray(String[]::new);
    }

    /** What a program prints; the test is skipped if there is no such runtime. */
    private static String output(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("example", ".out");
        Path errors = Files.createTempFile("example", ".err");
        try {
            Process process = started(new ProcessBuilder(command)
                    .directory(DIRECTORY.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile()));
            boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended).as("%s ends in time", List.of(command)).isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", List.of(command), Files.readString(errors))
                    .isZero();
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private static Process started(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException absent) {
            return abort(builder.command().getFirst() + " is not installed: " + absent.getMessage());
        }
    }
}
