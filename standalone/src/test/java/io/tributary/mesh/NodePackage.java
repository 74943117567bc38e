package io.tributary.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A program for Node.js from the test resources with the packages that it needs.
 *
 * @param directory where it is installed
 * @param program its file
 */
public record NodePackage(Path directory, String program) {
    private static final int INSTALL_SECONDS = 120;
    private static final int RUN_SECONDS = 180;

    /**
     * Installs the packages of a program; the test is skipped where that is not possible.
     *
     * @param resources folder of the test resources with package.json, package-lock.json and the program
     * @param directory to install into, empty
     */
    public static NodePackage install(String resources, String program, Path directory)
            throws IOException, InterruptedException {
        for (String file : List.of("package.json", "package-lock.json", program)) {
            String resource = "/%s/%s".formatted(resources, file);
            try (InputStream input =
                    Objects.requireNonNull(NodePackage.class.getResourceAsStream(resource), resource)) {
                Files.copy(input, directory.resolve(file));
            }
        }
        assumeTrue(runs(directory, "node", "--version"), "Node.js is not installed");
        assumeTrue(
                runs(directory, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"),
                "npm is not installed, or its registry is not reachable");
        return new NodePackage(directory, program);
    }

    /** Runs the program to a good end, and reads the JSON that it prints. */
    public JsonNode run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node", program));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        Process node = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(node.waitFor(RUN_SECONDS, TimeUnit.SECONDS))
                    .as("the program has ended")
                    .isTrue();
        } finally {
            node.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(node.exitValue()).as(said).isZero();
        return new ObjectMapper().readTree(said);
    }

    /** Whether a program could be run to a good end. */
    static boolean runs(Path directory, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            if (process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException absent) {
            return false;
        }
    }
}
