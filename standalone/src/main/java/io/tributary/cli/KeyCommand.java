package io.tributary.cli;

import picocli.CommandLine.Command;

/** `tributary key`: the keys that clients of a gateway call with. */
@Command(
        name = "key",
        description = "API keys of a gateway.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = NewKeyCommand.class)
final class KeyCommand {}
