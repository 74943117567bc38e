package io.tributary.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/** Where the messages of a conversation come from. */
sealed interface ChatInput extends AutoCloseable {
    /** The terminal if there is one, else standard input. */
    static ChatInput open() {
        return StandardOutput.isTerminal() ? OfTerminal.open() : OfLines.open();
    }

    /** The next message; empty at the end. */
    Optional<String> next();

    /** What Ctrl-C does while no message is being typed. */
    void onInterrupt(Runnable action);

    /** Whether a person types. */
    boolean isTerminal();

    @Override
    void close();

    /** A person at a terminal, with editing and history. */
    record OfTerminal(Terminal terminal, LineReader reader) implements ChatInput {
        private static ChatInput open() {
            try {
                Terminal terminal = TerminalBuilder.builder().system(true).build();
                return new OfTerminal(
                        terminal, LineReaderBuilder.builder().terminal(terminal).build());
            } catch (IOException failure) {
                throw new UncheckedIOException("the terminal cannot be read", failure);
            }
        }

        @Override
        public Optional<String> next() {
            while (true) {
                try {
                    return Optional.of(reader.readLine("> "));
                } catch (UserInterruptException _) {
                    // Ctrl-C while a message is typed discards it.
                } catch (EndOfFileException _) {
                    return Optional.empty();
                }
            }
        }

        @Override
        public void onInterrupt(Runnable action) {
            terminal.handle(Signal.INT, _ -> action.run());
        }

        @Override
        public boolean isTerminal() {
            return true;
        }

        @Override
        public void close() {
            try {
                terminal.close();
            } catch (IOException failure) {
                throw new UncheckedIOException("the terminal cannot be given back", failure);
            }
        }
    }

    /** One message a line. */
    record OfLines(BufferedReader lines) implements ChatInput {
        private static ChatInput open() {
            return new OfLines(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        }

        @Override
        public Optional<String> next() {
            try {
                return Optional.ofNullable(lines.readLine());
            } catch (IOException failure) {
                throw new UncheckedIOException("standard input cannot be read", failure);
            }
        }

        @Override
        public void onInterrupt(Runnable action) {
            // A program that is fed by another one ends on Ctrl-C, like any other.
        }

        @Override
        public boolean isTerminal() {
            return false;
        }

        @Override
        public void close() {
            // Standard input is not this program's to close.
        }
    }
}
