package io.tributary.cli;

import io.tributary.proto.gateway.v1.ChatResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The two sides of a conversation: reads messages, asks for answers, shows them. */
final class ChatDialogue {
    private static final String HELP = """
            /new    begin a new conversation
            /back   take the last message and its answer back
            /again  ask for another answer to the last message
            /exit   leave (or Ctrl-D); Ctrl-C stops an answer""";

    private final GatewayCalls gateway;
    private final ChatInput input;
    private final ChatPrinter printer;
    private final ChatTurns turns;
    private final AtomicReference<@Nullable ChatCall> answering = new AtomicReference<>();
    private @Nullable ChatCall call;
    private boolean failed;

    ChatDialogue(GatewayCalls gateway, ChatInput input, ChatPrinter printer, ChatTurns turns) {
        this.gateway = gateway;
        this.input = input;
        this.printer = printer;
        this.turns = turns;
    }

    /** Talks until there are no more messages. The exit status is 1 if a message got no answer and nobody was there to see it. */
    int run() {
        input.onInterrupt(this::stopAnswer);
        boolean goesOn = true;
        while (goesOn) {
            Optional<String> line = input.next();
            goesOn = line.isPresent() && take(line.get());
        }
        endCall();
        return failed && !input.isTerminal() ? 1 : 0;
    }

    private void stopAnswer() {
        ChatCall current = answering.get();
        if (current != null) {
            current.cancelTurn();
        }
    }

    /** Does what a line says; false if it ends the conversation. */
    private boolean take(String line) {
        switch (line.strip()) {
            case "" -> {}
            case "/exit", "/quit" -> {
                return false;
            }
            case "/help" -> printer.note(HELP);
            case "/new" -> turns.clear();
            case "/back" -> turns.takeBack();
            case "/again" -> turns.takeBack().ifPresent(this::answer);
            default -> answer(line);
        }
        return true;
    }

    private void answer(String message) {
        try {
            ChatCall current = openCall();
            answering.set(current);
            current.ask(turns.next(message));
            read(current, message);
        } catch (RuntimeException failure) {
            failed = true;
            printer.failed(failure);
            endCall();
        } finally {
            answering.set(null);
        }
    }

    private void read(ChatCall current, String message) {
        StringBuilder answer = new StringBuilder();
        printer.begin();
        while (true) {
            ChatResponse response = current.next();
            printer.print(response);
            switch (response.getEventCase()) {
                case TOKEN -> answer.append(response.getToken().getText());
                case FINISHED -> {
                    answer.append(response.getFinished().getText());
                    turns.answered(
                            message, answer.toString(), response.getFinished().getTurn());
                    return;
                }
                case STARTED, EVENT_NOT_SET -> {}
            }
        }
    }

    private ChatCall openCall() {
        ChatCall current = call;
        if (current == null) {
            current = new ChatCall(gateway);
            call = current;
        }
        return current;
    }

    private void endCall() {
        ChatCall current = call;
        if (current != null) {
            current.close();
            call = null;
        }
        turns.callEnded();
    }
}
