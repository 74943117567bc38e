package io.tributary.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.proto.gateway.v1.Constraint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tools that an answer may or must call.
 *
 * @param definitions JSON texts of the functions, for the model's template
 * @param names of the functions
 * @param calls calls that one answer has at most
 * @param constraint the form of an answer that must be a call
 */
record ToolUse(List<String> definitions, Set<String> names, int calls, Optional<Constraint> constraint) {
    private static final ToolUse NONE = new ToolUse(List.of(), Set.of(), 0, Optional.empty());
    private static final int MOST_TOOLS = 128;
    private static final int MOST_CALLS = 128;

    static ToolUse of(Fields body) {
        refuseTheOldFields(body);
        Map<String, Fields> functions = functions(body);
        JsonNode choice = body.value("tool_choice").orElse(null);
        if (functions.isEmpty()) {
            if (choice != null && !isText(choice, "none") && !isText(choice, "auto")) {
                throw body.bad("tool_choice", "is given without tools");
            }
            return NONE;
        }
        return choice == null ? free(body, functions) : chosen(body, functions, choice);
    }

    /** Whether tools can be called at all. */
    boolean any() {
        return !names.isEmpty();
    }

    private static void refuseTheOldFields(Fields body) {
        body.refuse("functions", "[]", "is not supported; use tools");
        body.refuse("function_call", "\"none\"", "is not supported; use tool_choice");
    }

    private static boolean isText(JsonNode choice, String text) {
        return choice.isTextual() && choice.textValue().equals(text);
    }

    private static ToolUse chosen(Fields body, Map<String, Fields> functions, JsonNode choice) {
        if (!choice.isTextual()) {
            return forced(functions, List.of(named(body, functions)));
        }
        return switch (choice.textValue()) {
            case "none" -> NONE;
            case "auto" -> free(body, functions);
            case "required" -> forced(functions, List.copyOf(functions.values()));
            default ->
                throw body.bad(
                        "tool_choice",
                        "is \"%s\"; none, auto, required and an object that names a function are known"
                                .formatted(choice.textValue()));
        };
    }

    private static Fields named(Fields body, Map<String, Fields> functions) {
        Fields choice = body.object("tool_choice").orElseThrow();
        Fields function = choice.object("function").orElseThrow(() -> choice.missing("function", "an object"));
        String name = function.requiredText("name");
        Fields named = functions.get(name);
        if (named == null) {
            throw function.bad("name", "is \"%s\", which is none of the tools".formatted(name));
        }
        return named;
    }

    private static ToolUse free(Fields body, Map<String, Fields> functions) {
        boolean single = body.value("parallel_tool_calls").isPresent() && !body.flag("parallel_tool_calls");
        return new ToolUse(
                definitions(functions), Set.copyOf(functions.keySet()), single ? 1 : MOST_CALLS, Optional.empty());
    }

    private static ToolUse forced(Map<String, Fields> functions, List<Fields> allowed) {
        ArrayNode calls = Json.object().putArray("anyOf");
        allowed.forEach(function -> calls.add(callSchema(function)));
        JsonNode schema = calls.size() == 1 ? calls.get(0) : Json.object().<ObjectNode>set("anyOf", calls);
        return new ToolUse(
                definitions(functions),
                Set.copyOf(functions.keySet()),
                1,
                Optional.of(ResponseForm.json(schema.toString())));
    }

    private static ObjectNode callSchema(Fields function) {
        ObjectNode schema = Json.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("name").put("const", function.requiredText("name"));
        properties.set("arguments", parameters(function));
        schema.putArray("required").add("name").add("arguments");
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode parameters(Fields function) {
        return function.object("parameters")
                .map(Fields::object)
                .orElseGet(() -> Json.object().put("type", "object"));
    }

    private static List<String> definitions(Map<String, Fields> functions) {
        return functions.values().stream()
                .map(function -> Json.object()
                        .put("type", "function")
                        .<ObjectNode>set("function", function.object())
                        .toString())
                .toList();
    }

    private static Map<String, Fields> functions(Fields body) {
        List<Fields> tools = body.objects("tools");
        if (tools.size() > MOST_TOOLS) {
            throw body.bad("tools", "has %d tools; at most %d are allowed".formatted(tools.size(), MOST_TOOLS));
        }
        Map<String, Fields> functions = new LinkedHashMap<>();
        for (Fields tool : tools) {
            String type = tool.requiredText("type");
            if (!type.equals("function")) {
                throw tool.bad("type", "is \"%s\"; only tools of type function are supported".formatted(type));
            }
            Fields function = tool.object("function").orElseThrow(() -> tool.missing("function", "an object"));
            String name = function.requiredText("name");
            // Read here, so that a wrong type is found whatever tool_choice says.
            parameters(function);
            if (name.isEmpty() || functions.put(name, function) != null) {
                throw function.bad("name", "is \"%s\"; each tool needs a name of its own".formatted(name));
            }
        }
        return functions;
    }
}
