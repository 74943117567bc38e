package io.tributary.cli;

import java.util.List;

/**
 * What a command left behind.
 *
 * @param status the exit status
 * @param output standard output
 * @param messages lines of standard error, without the one that the JVM itself writes
 */
record CommandResult(int status, String output, List<String> messages) {}
