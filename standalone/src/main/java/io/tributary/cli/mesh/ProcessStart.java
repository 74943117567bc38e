package io.tributary.cli.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a process of the mesh is started. Started again after its end, it listens on the same ports and, the broker, keeps its
 * data.
 *
 * @param name for people and of its log, like `decoder-0`
 * @param flags of the JVM, later ones before earlier ones
 * @param properties system properties
 * @param program what the JVM runs, with arguments
 * @param grpcPort on loopback; for the broker, Kafka's port
 * @param httpPort on loopback; 0 if it has none
 */
public record ProcessStart(
        String name,
        List<String> flags,
        Map<String, String> properties,
        List<String> program,
        int grpcPort,
        int httpPort) {
    public ProcessStart {
        flags = List.copyOf(flags);
        properties = Map.copyOf(properties);
        program = List.copyOf(program);
    }

    /** The same with further flags, which win over those that it has. */
    public ProcessStart withFlags(List<String> further) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(further);
        return new ProcessStart(name, all, properties, program, grpcPort, httpPort);
    }

    /** The same with further properties, which win over those that it has. */
    public ProcessStart withProperties(Map<String, String> further) {
        Map<String, String> all = new TreeMap<>(properties);
        all.putAll(further);
        return new ProcessStart(name, flags, all, program, grpcPort, httpPort);
    }

    /** The command line behind that of the JVM's own path. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(flags);
        new TreeMap<>(properties).forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        arguments.addAll(program);
        return arguments;
    }
}
