package io.tributary.kernels;

import java.util.Optional;

/**
 * Which kernels this process computes with, decided once: those of the Vector API, or their scalar twins, which give the
 * same bits many times more slowly but run on every JVM. The system property {@code tributary.kernels.path} is
 * {@code auto} (the default: vectors where the JVM compiles them to machine instructions), {@code vector} or
 * {@code scalar}.
 */
public final class KernelPath {
    /** The name of the system property. */
    static final String PROPERTY = "tributary.kernels.path";

    private static final Optional<String> OBSTACLE = obstacle(System.getProperty(PROPERTY, "auto"));

    /** A constant to the compiler, so that choosing costs nothing. */
    static final boolean VECTORS = OBSTACLE.isEmpty();

    private KernelPath() {}

    /** One line for whoever started a process whose kernels run without vectors: why, and what to do. */
    public static Optional<String> warning() {
        return OBSTACLE.map(reason -> "kernels run without vectors, many times more slowly: " + reason);
    }

    /** Makes a missing vector module or a wrong property known at once. */
    static void require() {
        if (VECTORS) {
            Lanes.require();
        }
    }

    static Optional<String> obstacle(String path) {
        return switch (path) {
            case "auto" -> VectorSupport.ofThisJvm().obstacle();
            case "vector" -> Optional.empty();
            case "scalar" -> Optional.of("-D" + PROPERTY + "=scalar is set; start java without it");
            default ->
                throw new IllegalArgumentException(
                        "system property " + PROPERTY + " is '" + path + "'; it must be auto, vector or scalar");
        };
    }
}
