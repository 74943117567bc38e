package io.tributary.kernels;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a JVM decides whether it turns the Vector API into machine instructions. Where it does not, every vector is an
 * object on the heap, which is slower than plain loops.
 *
 * @param module whether jdk.incubator.vector is there
 * @param name as in java.vm.name
 * @param info as in java.vm.info
 * @param lastTier the option TieredStopAtLevel
 * @param otherCompiler the option UseJVMCICompiler: whether a compiler written in Java replaces C2
 * @param enabled the option EnableVectorSupport
 */
record VectorSupport(
        boolean module, String name, String info, String lastTier, boolean otherCompiler, boolean enabled) {
    private static final String OPTIMISING_TIER = "4";

    /** The JVM that this is. */
    static VectorSupport ofThisJvm() {
        @Nullable HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return new VectorSupport(
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
                System.getProperty("java.vm.name", ""),
                System.getProperty("java.vm.info", ""),
                option(options, "TieredStopAtLevel", OPTIMISING_TIER),
                Boolean.parseBoolean(option(options, "UseJVMCICompiler", "false")),
                Boolean.parseBoolean(option(options, "EnableVectorSupport", "true")));
    }

    /** Why vectors would be slow, and what to do about it; empty when they are not. */
    Optional<String> obstacle() {
        if (!module) {
            return Optional.of("this JVM was started without the module of the Vector API;"
                    + " start java with --add-modules jdk.incubator.vector");
        }
        if (!name.endsWith("Server VM") || otherCompiler) {
            return Optional.of("this JVM (" + name + (otherCompiler ? ", UseJVMCICompiler" : "") + ") is not known to"
                    + " compile the Vector API to machine instructions; run a HotSpot JVM with its C2 compiler, or set -D"
                    + KernelPath.PROPERTY + "=vector if yours does");
        }
        if (info.contains("interpreted mode")) {
            return Optional.of("this JVM only interprets; start java without -Xint");
        }
        if (!lastTier.equals(OPTIMISING_TIER)) {
            return Optional.of(
                    "this JVM does without its optimising compiler; start java without -XX:TieredStopAtLevel="
                            + lastTier);
        }
        if (!enabled) {
            return Optional.of("this JVM does not compile vectors; start java without -XX:-EnableVectorSupport");
        }
        return Optional.empty();
    }

    /** An option that a JVM does not have has the value that a JVM with C2 starts with. */
    private static String option(@Nullable HotSpotDiagnosticMXBean options, String name, String absent) {
        if (options == null) {
            return absent;
        }
        try {
            return options.getVMOption(name).getValue();
        } catch (IllegalArgumentException unknown) {
            return absent;
        }
    }
}
