package io.tributary.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells the person at the terminal in one line why a command failed, and gives the exit status. */
final class FailureReport implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        Exception told = inWordsOfTheCommandLine(failure, command);
        command.getErr().println("tributary: " + messageOf(told));
        command.getErr().flush();
        return told instanceof WrongUsageException ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    private static Exception inWordsOfTheCommandLine(Exception failure, CommandLine command) {
        if (failure instanceof StatusRuntimeException status) {
            return RefusedOption.message(status, command.getCommandSpec())
                    .<Exception>map(WrongUsageException::new)
                    .orElse(failure);
        }
        return failure;
    }

    /** What went wrong, in one line. */
    static String messageOf(Exception failure) {
        if (failure instanceof StatusRuntimeException status) {
            String description = status.getStatus().getDescription();
            Status.Code code = status.getStatus().getCode();
            return description == null ? code.toString() : description + " (" + code + ")";
        }
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
