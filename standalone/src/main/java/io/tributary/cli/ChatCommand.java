package io.tributary.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** `tributary chat`: a conversation with a model, turn by turn. */
@Command(
        name = "chat",
        description = {
            "Talks with a model. At a terminal, Ctrl-C stops an answer and Ctrl-D ends the conversation;"
                    + " otherwise each line of standard input is a message.",
            "Within the conversation: /new begins anew, /back takes the last message and its answer back,"
                    + " /again asks for another answer, /help, /exit."
        })
final class ChatCommand implements Callable<Integer> {
    @Mixin
    ModelOrGateway computing = new ModelOrGateway();

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told before the conversation.")
    @Nullable
    String system;

    @Option(names = "--json", description = "One JSON object per token, and one with the figures behind each answer.")
    boolean json;

    @Mixin
    SamplingOptions sampling = new SamplingOptions();

    @Override
    public Integer call() {
        ChatTurns turns = new ChatTurns(system == null ? "" : system, sampling.turn());
        return computing.run(gateway -> {
            try (ChatInput input = ChatInput.open()) {
                ChatPrinter printer = json ? ChatPrinter.json() : ChatPrinter.text(input.isTerminal());
                return new ChatDialogue(gateway, input, printer, turns).run();
            }
        });
    }
}
