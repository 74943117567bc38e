package io.tributary.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The JSON object of one call while it comes, character by character: `name`, and `arguments` (or `parameters`, as Llama
 * writes). The arguments can be taken as they come once the name is known. It does not check them: they are what the
 * model has written.
 */
final class ToolCallObject {
    private static final Set<String> ARGUMENTS = Set.of("arguments", "parameters");
    private static final Set<String> OTHER_KEYS = Set.of("name", "id", "type");

    /** How far the object is. */
    enum State {
        /** Not yet known to be a call. */
        UNCERTAIN,
        /** The name of a tool was read. */
        CALL,
        /** The object has ended, and was a call. */
        COMPLETE,
        /** It is something else. */
        OTHER
    }

    private enum Place {
        BEFORE_KEY,
        KEY,
        COLON,
        BEFORE_VALUE,
        VALUE,
        AFTER_VALUE
    }

    private final Predicate<String> known;
    private final StringBuilder arguments = new StringBuilder();
    private final StringBuilder token = new StringBuilder();
    private State state = State.UNCERTAIN;
    private Place place = Place.BEFORE_KEY;
    private String key = "";
    private String name = "";
    private boolean anyArguments;
    private boolean inString;
    private boolean escaped;
    private int depth;

    /** @param known whether a tool has that name */
    ToolCallObject(Predicate<String> known) {
        this.known = known;
    }

    /** Takes the next character behind the brace that opened the object. */
    State accept(char next) {
        switch (place) {
            case BEFORE_KEY -> beforeKey(next);
            case KEY -> key(next);
            case COLON -> colon(next);
            case BEFORE_VALUE -> beforeValue(next);
            case VALUE -> value(next);
            case AFTER_VALUE -> afterValue(next);
        }
        return state;
    }

    /** The tool that is called. */
    String name() {
        return name;
    }

    /** The arguments that came since this was last asked. */
    String takeArguments() {
        String taken = arguments.toString();
        arguments.setLength(0);
        return taken;
    }

    private void beforeKey(char next) {
        if (next == '"') {
            place = Place.KEY;
        } else if (!Character.isWhitespace(next)) {
            state = State.OTHER;
        }
    }

    private void key(char next) {
        if (next == '"') {
            key = token.toString();
            token.setLength(0);
            place = Place.COLON;
            if (!ARGUMENTS.contains(key) && !OTHER_KEYS.contains(key)) {
                state = State.OTHER;
            }
        } else {
            token.append(next);
        }
    }

    private void colon(char next) {
        if (next == ':') {
            place = Place.BEFORE_VALUE;
        } else if (!Character.isWhitespace(next)) {
            state = State.OTHER;
        }
    }

    private void beforeValue(char next) {
        if (Character.isWhitespace(next)) {
            return;
        }
        place = Place.VALUE;
        depth = 0;
        inString = false;
        escaped = false;
        value(next);
    }

    private void value(char next) {
        if (!inString && depth == 0 && (next == ',' || next == '}')) {
            endOfValue();
            afterValue(next);
            return;
        }
        take(next);
        if (inString) {
            inString = escaped || next != '"';
            escaped = !escaped && next == '\\';
            endIfClosed(!inString);
        } else if (next == '"') {
            inString = true;
        } else if (next == '{' || next == '[') {
            depth++;
        } else if (next == '}' || next == ']') {
            depth--;
            state = depth < 0 ? State.OTHER : state;
            endIfClosed(true);
        }
    }

    private void endIfClosed(boolean closed) {
        if (closed && depth == 0) {
            endOfValue();
        }
    }

    private void take(char next) {
        boolean object = token.isEmpty() ? next == '{' : token.charAt(0) == '{';
        if (ARGUMENTS.contains(key) && object) {
            arguments.append(next);
        }
        // Only the first character tells what an object is; all of any other value is needed.
        if (!object || token.isEmpty()) {
            token.append(next);
        }
    }

    private void endOfValue() {
        place = Place.AFTER_VALUE;
        String text = token.toString();
        token.setLength(0);
        if (key.equals("name")) {
            name(text);
        } else if (ARGUMENTS.contains(key)) {
            anyArguments = true;
            if (!text.startsWith("{")) {
                arguments.append(objectIn(text));
            }
        }
    }

    private void name(String text) {
        JsonNode value = Json.parse(text);
        if (state != State.UNCERTAIN || value == null || !value.isTextual() || !known.test(value.textValue())) {
            state = State.OTHER;
            return;
        }
        name = value.textValue();
        state = State.CALL;
    }

    /** Some models write the text of an object, as OpenAI's clients do. */
    private static String objectIn(String text) {
        JsonNode value = Json.parse(text);
        return value != null && value.isTextual() ? value.textValue() : text;
    }

    private void afterValue(char next) {
        if (next == ',') {
            place = Place.BEFORE_KEY;
        } else if (next == '}') {
            state = state == State.CALL ? State.COMPLETE : State.OTHER;
            if (!anyArguments) {
                arguments.append("{}");
            }
        } else if (!Character.isWhitespace(next)) {
            state = State.OTHER;
        }
    }
}
