package io.tributary.kernels;

/** The JVM was started without the module of the Vector API, but the vector kernels were asked for. */
public final class VectorModuleMissingError extends LinkageError {
    private static final long serialVersionUID = 1L;

    VectorModuleMissingError() {
        super("the module jdk.incubator.vector is not in this JVM; start java with --add-modules jdk.incubator.vector");
    }

    /**
     * Checks that the Vector API is present.
     *
     * @throws VectorModuleMissingError when it is not
     */
    static void check() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new VectorModuleMissingError();
        }
    }
}
