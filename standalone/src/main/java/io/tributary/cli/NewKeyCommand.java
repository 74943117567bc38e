package io.tributary.cli;

import io.tributary.gateway.access.NewApiKey;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `tributary key new`: makes a key. Nothing keeps it: the gateway is given its hash. */
@Command(name = "new", description = "Makes an API key, prints it once, and with it the lines for the gateway.")
final class NewKeyCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            required = true,
            description = "Whom it is for: 1 to 63 of a-z, 0-9 and -.")
    String name = "";

    @Override
    public Integer call() {
        NewApiKey key = newKey();
        PrintStream out = StandardOutput.text();
        System.err.println("The key, for the client; it is not shown again:");
        out.println(key.secret());
        out.flush();
        System.err.println("For the gateway, as a property or as an environment variable:");
        out.println(key.property());
        out.println(key.environmentVariable());
        out.flush();
        return 0;
    }

    private NewApiKey newKey() {
        try {
            return NewApiKey.of(name, new SecureRandom());
        } catch (IllegalArgumentException refused) {
            throw new WrongUsageException("--name " + refused.getMessage());
        }
    }
}
