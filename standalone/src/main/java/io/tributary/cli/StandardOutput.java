package io.tributary.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Standard output for what a command was asked for; everything else goes to standard error. */
public final class StandardOutput {
    private StandardOutput() {}

    /** UTF-8 whatever the locale says; written out only when flushed. */
    public static PrintStream text() {
        return new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    }

    /** Whether a person sees it, and types what the program reads. */
    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}
