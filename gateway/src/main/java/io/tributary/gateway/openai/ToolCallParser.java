package io.tributary.gateway.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Finds calls of tools in a text while it comes, in the forms that models were trained on: `<tool_call>{...}</tool_call>`
 * anywhere (Hermes, Qwen), `[TOOL_CALLS] [{...}, ...]` anywhere (Mistral), and an answer that is nothing but one or several
 * objects or a list of them, with or without `<|python_tag|>` (Llama 3, and constrained answers). An object that names none of
 * the tools is text.
 */
final class ToolCallParser implements AnswerText {
    private static final String HERMES = "<tool_call>";
    private static final String HERMES_END = "</tool_call>";
    /** White space in front of a marker belongs to the call, but not without end. */
    private static final int LONGEST_HELD = 64;

    private static final List<String> MARKERS = List.of(HERMES, "[TOOL_CALLS]", "<|python_tag|>");

    private enum Place {
        START,
        TEXT,
        BETWEEN_CALLS,
        CALL
    }

    private final ToolUse tools;
    private final Supplier<String> ids;
    /** What could still be part of a call. */
    private final StringBuilder held = new StringBuilder();

    private final StringBuilder text = new StringBuilder();
    private final List<Delta> news = new ArrayList<>();
    private Place place = Place.START;
    private ToolCallObject call;
    private boolean called;
    private int calls;

    /**
     * @param tools which may be called
     * @param ids where the ids of calls come from
     */
    ToolCallParser(ToolUse tools, Supplier<String> ids) {
        this.tools = tools;
        this.ids = ids;
        this.call = nextCall();
    }

    @Override
    public List<Delta> accept(String more) {
        for (int at = 0; at < more.length(); at++) {
            accept(more.charAt(at));
        }
        return takeNews();
    }

    @Override
    public List<Delta> end() {
        boolean onlyWhatEndsCalls =
                calls > 0 && (place == Place.BETWEEN_CALLS || held.toString().isBlank());
        if (!onlyWhatEndsCalls) {
            releaseHeld();
        }
        return takeNews();
    }

    @Override
    public boolean calls() {
        return calls > 0 || called;
    }

    private void accept(char next) {
        switch (place) {
            case START -> start(next);
            case TEXT -> text(next);
            case BETWEEN_CALLS -> betweenCalls(next);
            case CALL -> call(next);
        }
    }

    /** Nothing but whitespace has come. */
    private void start(char next) {
        if (next == '{') {
            openCall(next);
        } else if (next == '[' || next == '<') {
            held.append(next);
            // Either the beginning of a marker or, for a bracket, of a list: what follows tells.
            place = next == '[' ? Place.BETWEEN_CALLS : Place.TEXT;
        } else if (Character.isWhitespace(next)) {
            held.append(next);
        } else {
            place = Place.TEXT;
            releaseHeld();
            text(next);
        }
    }

    private void text(char next) {
        held.append(next);
        String marker = held.toString().stripLeading();
        if (MARKERS.contains(marker)) {
            place = Place.BETWEEN_CALLS;
        } else if (held.length() > LONGEST_HELD || MARKERS.stream().noneMatch(known -> known.startsWith(marker))) {
            releaseAllButTheBeginningOfAMarker();
        }
    }

    private void releaseAllButTheBeginningOfAMarker() {
        for (int at = 1; at < held.length(); at++) {
            String rest = held.substring(at);
            if (MARKERS.stream().anyMatch(known -> known.startsWith(rest))) {
                text.append(held, 0, at);
                held.delete(0, at);
                return;
            }
        }
        releaseHeld();
    }

    private void betweenCalls(char next) {
        if (next == '{') {
            openCall(next);
            return;
        }
        held.append(next);
        if (Character.isWhitespace(next) || "[],;".indexOf(next) >= 0) {
            return;
        }
        String since = held.toString().strip();
        if (HERMES_END.equals(since)) {
            held.setLength(0);
            place = Place.TEXT;
        } else if (!HERMES_END.startsWith(since) && MARKERS.stream().noneMatch(known -> known.startsWith(since))) {
            place = Place.TEXT;
            releaseHeld();
        }
    }

    private void openCall(char brace) {
        held.append(brace);
        call = nextCall();
        called = false;
        place = Place.CALL;
    }

    private ToolCallObject nextCall() {
        return new ToolCallObject(tools.names()::contains);
    }

    private void call(char next) {
        held.append(next);
        switch (call.accept(next)) {
            case UNCERTAIN -> {}
            case CALL -> tellCall();
            case COMPLETE -> {
                tellCall();
                calls++;
                place = Place.BETWEEN_CALLS;
            }
            case OTHER -> {
                calls += called ? 1 : 0;
                place = Place.TEXT;
                releaseHeld();
            }
        }
    }

    private void tellCall() {
        held.setLength(0);
        if (calls >= tools.calls()) {
            return;
        }
        if (!called) {
            called = true;
            flushText();
            news.add(new Delta.Call(calls, ids.get(), call.name()));
        }
        String arguments = call.takeArguments();
        if (!arguments.isEmpty()) {
            news.add(new Delta.Arguments(calls, arguments));
        }
    }

    private void releaseHeld() {
        text.append(held);
        held.setLength(0);
    }

    private void flushText() {
        if (!text.isEmpty()) {
            news.add(new Delta.Text(text.toString(), List.of()));
            text.setLength(0);
        }
    }

    private List<Delta> takeNews() {
        flushText();
        List<Delta> taken = List.copyOf(news);
        news.clear();
        return taken;
    }
}
