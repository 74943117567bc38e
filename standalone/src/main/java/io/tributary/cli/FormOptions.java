package io.tributary.cli;

import io.tributary.proto.gateway.v1.Constraint;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what form a text must have; one of them at most. */
final class FormOptions {
    @Option(names = "--json-schema", paramLabel = "FILE", description = "The text is JSON that this schema describes.")
    @Nullable
    Path jsonSchema;

    @Option(names = "--regex", paramLabel = "PATTERN", description = "The whole text matches this regular expression.")
    @Nullable
    String regularExpression;

    @Option(names = "--grammar", paramLabel = "FILE", description = "The text is of this grammar, in GBNF.")
    @Nullable
    Path grammar;

    /**
     * What the gateway is asked for; empty if the text is free.
     *
     * @throws WrongUsageException if a file cannot be read
     */
    Optional<Constraint> constraint() {
        Constraint.Builder constraint = Constraint.newBuilder();
        if (jsonSchema != null) {
            return Optional.of(
                    constraint.setJsonSchema(read("--json-schema", jsonSchema)).build());
        }
        if (regularExpression != null) {
            return Optional.of(
                    constraint.setRegularExpression(regularExpression).build());
        }
        if (grammar != null) {
            return Optional.of(constraint.setGbnf(read("--grammar", grammar)).build());
        }
        return Optional.empty();
    }

    private static String read(String option, Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException absent) {
            throw new WrongUsageException("%s: there is no file %s".formatted(option, file));
        } catch (MalformedInputException notText) {
            throw new WrongUsageException("%s: %s is no UTF-8".formatted(option, file));
        } catch (IOException failure) {
            throw new WrongUsageException("%s: %s cannot be read: %s".formatted(option, file, failure.getMessage()));
        }
    }
}
