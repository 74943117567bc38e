package io.tributary.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of tools in what models write, however the text is cut into tokens. */
class ToolCallParserTest {
    private static final int RANDOM_CUTS = 200;

    /** What came out: text, and one line a call. */
    private record Read(String text, List<String> calls) {
        static Read text(String text) {
            return new Read(text, List.of());
        }
    }

    private static ToolUse tools(int calls) {
        return new ToolUse(List.of(), Set.of("weather", "time"), calls, Optional.empty());
    }

    private static Read read(List<String> tokens, int mostCalls) {
        ToolCallParser parser = new ToolCallParser(tools(mostCalls), () -> "id");
        List<Delta> deltas = new ArrayList<>();
        tokens.forEach(token -> deltas.addAll(parser.accept(token)));
        deltas.addAll(parser.end());
        StringBuilder text = new StringBuilder();
        List<String> calls = new ArrayList<>();
        for (Delta delta : deltas) {
            switch (delta) {
                case Delta.Text more -> text.append(more.text());
                case Delta.Call call -> {
                    assertThat(call.index()).isEqualTo(calls.size());
                    calls.add(call.name() + " ");
                }
                case Delta.Arguments more -> calls.set(more.index(), calls.get(more.index()) + more.fragment());
                case Delta.Begin _, Delta.End _ -> throw new AssertionError("a parser tells no " + delta);
            }
        }
        assertThat(parser.calls()).isEqualTo(!calls.isEmpty());
        return new Read(text.toString(), calls);
    }

    /** The same whether it comes at once, character by character, or cut anywhere. */
    private static Read read(String whole) {
        Read atOnce = read(List.of(whole), 10);
        assertThat(read(List.of(whole.split("")), 10)).isEqualTo(atOnce);
        for (int seed = 0; seed < RANDOM_CUTS; seed++) {
            assertThat(read(cut(whole, new Random(seed)), 10))
                    .as("seed %d", seed)
                    .isEqualTo(atOnce);
        }
        return atOnce;
    }

    private static List<String> cut(String whole, Random random) {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < whole.length()) {
            int end = Math.min(whole.length(), at + 1 + random.nextInt(9));
            tokens.add(whole.substring(at, end));
            at = end;
        }
        return tokens;
    }

    @Test
    void aCallInTagsIsACall() {
        assertThat(read("<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Jericho\"}}\n</tool_call>"))
                .isEqualTo(new Read("", List.of("weather {\"city\": \"Jericho\"}")));
    }

    @Test
    void textBesideTagsIsTextWithoutTheSpaceInFrontOfThem() {
        assertThat(read("Let me see. <tool_call>{\"name\":\"time\",\"arguments\":{}}</tool_call> and "
                        + "<tool_call>{\"name\":\"weather\",\"arguments\":{\"a\":[1,{\"b\":\"}\"}]}}</tool_call>"))
                .isEqualTo(new Read("Let me see. and", List.of("time {}", "weather {\"a\":[1,{\"b\":\"}\"}]}")));
    }

    @Test
    void anAnswerThatIsAnObjectWithParametersIsACall() {
        assertThat(read("{\"name\": \"weather\", \"parameters\": {\"city\": \"\\\"Ai\\\"\"}}"))
                .isEqualTo(new Read("", List.of("weather {\"city\": \"\\\"Ai\\\"\"}")));
        assertThat(
                        read(
                                "<|python_tag|>{\"name\": \"time\", \"parameters\": {}}; {\"name\": \"time\", \"parameters\": {}}"))
                .isEqualTo(new Read("", List.of("time {}", "time {}")));
    }

    @Test
    void aListOfCallsWithAndWithoutItsMarkerIsSeveralCalls() {
        String list =
                "[{\"name\": \"weather\", \"arguments\": {\"city\": \"Ai\"}}, {\"name\": \"time\", \"arguments\": {}}]";
        Read calls = new Read("", List.of("weather {\"city\": \"Ai\"}", "time {}"));

        assertThat(read("[TOOL_CALLS] " + list)).isEqualTo(calls);
        assertThat(read("[TOOL_CALLS]" + list)).isEqualTo(calls);
        assertThat(read(list)).isEqualTo(calls);
    }

    @Test
    void argumentsThatComeFirstOrAsTextOrNotAtAllAreArguments() {
        assertThat(read("{\"arguments\": {\"a\": 1}, \"name\": \"weather\"}").calls())
                .containsExactly("weather {\"a\": 1}");
        assertThat(read("{\"name\": \"weather\", \"arguments\": \"{\\\"a\\\": 1}\"}")
                        .calls())
                .containsExactly("weather {\"a\": 1}");
        assertThat(read("{\"id\": \"x\", \"type\": \"function\", \"name\": \"time\"}")
                        .calls())
                .containsExactly("time {}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "In the beginning",
                "  1 < 2, and <tool> is none",
                "{\"answer\": 42}",
                "{\"name\": \"Moses\", \"arguments\": {}}",
                "{\"name\": 7}",
                "{not json}",
                "[1, 2, 3]",
                "[]",
                "[TOOL_CALLS] none",
                "<tool_call>never mind</tool_call>",
                "<tool_call>{\"name\": \"unknown\"}</tool_call>",
                "<<<tool_cal",
                "{\"arguments\": 12]}",
                "{\"name\": \"weather",
                "\n\n\n",
                ""
            })
    void whatNamesNoToolIsText(String text) {
        assertThat(read(text)).isEqualTo(Read.text(text));
    }

    @Test
    void argumentsAreToldWhileTheyCome() {
        ToolCallParser parser = new ToolCallParser(tools(1), () -> "call_1");

        assertThat(parser.accept("{\"name\": \"wea")).isEmpty();
        assertThat(parser.accept("ther\", ")).containsExactly(new Delta.Call(0, "call_1", "weather"));
        assertThat(parser.accept("\"arguments\": {\"ci"))
                .extracting(ToolCallParserTest::fragment)
                .contains("c");
        assertThat(parser.accept("ty")).isNotEmpty();
    }

    private static String fragment(Delta delta) {
        return delta instanceof Delta.Arguments arguments ? arguments.fragment() : "";
    }

    @Test
    void callsBeyondTheMostAreLeftOut() {
        String two = "[{\"name\": \"weather\", \"arguments\": {}}, {\"name\": \"time\", \"arguments\": {}}]";

        assertThat(read(List.of(two), 1)).isEqualTo(new Read("", List.of("weather {}")));
    }

    @Test
    void aTextOfMarkersAloneIsReadInLinearTime() {
        String hostile = "<".repeat(20_000) + " ".repeat(20_000) + "[".repeat(20_000);

        assertThat(read(List.of(hostile.split("")), 10)).isEqualTo(Read.text(hostile));
    }
}
