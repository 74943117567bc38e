package io.tributary.cli;

import io.tributary.proto.gateway.v1.GenerateResponse;
import java.io.PrintStream;

/**
 * The continuation as plain text.
 *
 * @param out for the text alone
 * @param messages for everything else
 */
record TextPrinter(PrintStream out, PrintStream messages) implements GenerationPrinter {
    @Override
    public void print(GenerateResponse response) {
        switch (response.getEventCase()) {
            case TOKEN -> out.print(response.getToken().getText());
            case FINISHED -> out.println(response.getFinished().getText());
            case STARTED, PROMPT_ROUTING, EVENT_NOT_SET -> {}
        }
        out.flush();
    }

    @Override
    public void end(GenerationFigures figures) {
        messages.println(figures.sentence());
    }
}
