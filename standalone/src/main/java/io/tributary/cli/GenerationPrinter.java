package io.tributary.cli;

import io.tributary.proto.gateway.v1.GenerateResponse;

/** Shows a generation as it happens. */
sealed interface GenerationPrinter permits TextPrinter, JsonPrinter {
    /** Shows the next message of the stream. */
    void print(GenerateResponse response);

    /** Shows the figures behind the last message. */
    void end(GenerationFigures figures);
}
