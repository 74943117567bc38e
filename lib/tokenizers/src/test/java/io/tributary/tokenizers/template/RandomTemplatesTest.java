package io.tributary.tokenizers.template;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomTemplatesTest {
    private static final int SMALL = 20_000;
    private static final TemplateLimits LIMITS = new TemplateLimits(SMALL, SMALL, SMALL);
    private static final List<String> PIECES = List.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "-%}",
            "{%-",
            "{{-",
            "-}}",
            " if ",
            " else ",
            " elif ",
            " endif ",
            " for x in ",
            " endfor ",
            " set ",
            " endset ",
            " macro m(a, b=1) ",
            " endmacro ",
            " call m() ",
            " endcall ",
            " filter upper ",
            " endfilter ",
            " raw ",
            " endraw ",
            " break ",
            " continue ",
            " generation ",
            " with ",
            " in ",
            " is ",
            " not ",
            " and ",
            " or ",
            " defined ",
            " string ",
            "messages",
            "x",
            "loop",
            ".role",
            ".content",
            "[0]",
            "[::-1]",
            "[1:",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ":",
            ",",
            "=",
            "==",
            "<",
            "+",
            "-",
            "*",
            "**",
            "/",
            "//",
            "%",
            "~",
            "|",
            "|tojson",
            "|join(',')",
            "|map(",
            "attribute=",
            "'a'",
            "\"b\"",
            "1",
            "0",
            "-1",
            "2.5",
            "none",
            "true",
            "range(3)",
            "namespace(a=1)",
            ".a",
            ".split()",
            ".items()",
            ".format(1)",
            "|length",
            "|sort",
            "|dictsort",
            "|first",
            "|int",
            "|round",
            "|indent",
            "|batch(2)",
            "raise_exception(x)",
            "strftime_now('%d')",
            "\\",
            "'",
            "\"",
            "\n",
            " ",
            "é",
            "😀",
            "\u0000",
            "|select",
            "|selectattr('role')",
            "m(1)",
            "caller()",
            "loop.cycle(1)",
            "9223372036854775807");

    private final ObjectNode variables = (ObjectNode) TemplateCases.json("""
            {"messages": [{"role": "user", "content": "Hi %s {} {{ x }} 😀"}, {"role": "assistant", "content": "é"}],
             "x": [1, "a", null, {"b": 2.5}]}""");

    @Test
    void randomTemplatesRenderOrAreRefused() {
        for (int seed = 0; seed < 6000; seed++) {
            Random random = new Random(seed);
            StringBuilder template = new StringBuilder();
            for (int piece = random.nextInt(30); piece >= 0; piece--) {
                template.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            check(template.toString(), seed);
        }
    }

    @Test
    void randomExpressionsRenderOrAreRefused() {
        for (int seed = 0; seed < 6000; seed++) {
            Random random = new Random(seed);
            check(
                    "{{ " + expression(random, 4) + " }}{% for x in " + expression(random, 2)
                            + " %}{{ x }}{% endfor %}",
                    seed);
        }
    }

    @Test
    void mutatedTemplatesRenderOrAreRefused() {
        List<TemplateCases.Case> cases = TemplateCases.read("conversations");
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            StringBuilder template =
                    new StringBuilder(cases.get(random.nextInt(cases.size())).template());
            for (int mutation = random.nextInt(4); mutation >= 0; mutation--) {
                int start = random.nextInt(template.length());
                int end = Math.min(template.length(), start + random.nextInt(6));
                template.replace(start, end, PIECES.get(random.nextInt(PIECES.size())));
            }
            check(template.toString(), seed);
        }
    }

    private void check(String template, int seed) {
        assertThatCode(() -> {
                    try {
                        ChatTemplate.of(template, Map.of("bos_token", "<s>"), LIMITS, TemplateCases.CLOCK)
                                .render(variables);
                    } catch (ChatTemplateException refused) {
                        // As good as any text: what must not come out is anything else.
                    }
                })
                .as("seed %d: %s", seed, template)
                .doesNotThrowAnyException();
    }

    private static String expression(Random random, int depth) {
        if (depth == 0) {
            return pick(
                    random,
                    "1",
                    "-2",
                    "2.5",
                    "'a%sb {} c'",
                    "''",
                    "none",
                    "true",
                    "x",
                    "messages",
                    "missing",
                    "[]",
                    "0");
        }
        String inner = expression(random, depth - 1);
        return switch (random.nextInt(8)) {
            case 0 ->
                "(" + inner + ")" + pick(random, "+", "-", "*", "/", "//", "%", "**", "~", " in ", "<", "==", " and ")
                        + "(" + expression(random, depth - 1) + ")";
            case 1 ->
                "(" + inner + ")|" + pick(random, Filters.BY_NAME.keySet().toArray(new String[0])) + arguments(random);
            case 2 ->
                "(" + inner + ") is " + pick(random, Tests.BY_NAME.keySet().toArray(new String[0])) + arguments(random);
            case 3 ->
                "(" + inner + ")." + pick(random, TextMethods.BY_NAME.keySet().toArray(new String[0]))
                        + arguments(random);
            case 4 -> "[" + inner + ", " + expression(random, depth - 1) + "]";
            case 5 -> "{" + expression(random, depth - 1) + ": " + inner + "}";
            case 6 ->
                "(" + inner + ")[" + expression(random, depth - 1) + pick(random, "", ":", "::2", ":-1:-1", "::-9")
                        + "]";
            default -> pick(random, Globals.FUNCTIONS.keySet().toArray(new String[0])) + arguments(random);
        };
    }

    private static String arguments(Random random) {
        StringBuilder arguments = new StringBuilder("(");
        for (int count = random.nextInt(3); count > 0; count--) {
            arguments.append(expression(random, 0)).append(", ");
        }
        return arguments.append(")").toString();
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
