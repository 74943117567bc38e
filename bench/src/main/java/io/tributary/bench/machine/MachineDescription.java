package io.tributary.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a figure was measured on.
 *
 * @param processor the model of the processor, or its architecture where the system does not tell
 * @param cores processors that the JVM may use
 * @param java vendor and version of the JVM
 */
public record MachineDescription(String processor, int cores, String java) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** This machine. */
    public static MachineDescription read() {
        return new MachineDescription(
                processorModel(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
    }

    private static String processorModel() {
        if (!Files.isReadable(PROCESSORS)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException unreadable) {
            // What the machine is called changes no figure.
            return System.getProperty("os.arch");
        }
    }
}
