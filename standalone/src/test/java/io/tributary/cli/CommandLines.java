package io.tributary.cli;

/** Commands run in the test's own JVM. */
public final class CommandLines {
    private CommandLines() {}

    /** The exit status of a command. */
    public static int run(String... arguments) {
        return Tributary.commandLine().execute(arguments);
    }
}
