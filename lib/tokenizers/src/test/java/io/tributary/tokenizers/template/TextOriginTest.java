package io.tributary.tokenizers.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.tokenizers.template.RenderedChat.Range;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextOriginTest {
    private static final String MESSAGES = """
            {"messages": [{"role": "user", "content": " FOREIGN foreign ", "n": 5, "list": ["FOREIGN"]},
                          {"role": "<|foreign|>", "content": ""}],
             "x": "Foreign", "tool": {"name": "FOREIGN", "FOREIGN": 1}}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a{{ x }}b; ab",
                "{{ bos_token ~ x ~ 'z' }}; <s>z",
                "{{ x }}{{ x }}; ''",
                "<|{{ messages[0].role }}|>; <|user|>",
                "<|{{ messages[1].role }}|>; <||>",
                "{{ ('[' ~ messages[0].content|trim ~ ']')|upper }}; []",
                "{{ x.replace('o', '(0)') }}; (0)",
                "{{ ('a' ~ x ~ 'b').split('r')[0] }}; a",
                "{{ ('a' ~ x ~ 'b')[1:] }}; b",
                "{{ ('a' ~ x ~ 'b')[::-1] }}; ba",
                "{{ ['a', x, 'b']|join(',') }}; 'a,,b'",
                "{{ 'a{}b%s'.format(x) }}; ab%s",
                "{{ 'a%sb' % x }}; ab",
                "{{ 'a%10sb' % x }}; 'a   b'",
                "{{ x|tojson }}{{ tool|tojson }}{{ messages[0].list }}; ''",
                "{{ ['a']|tojson }}; [\"a\"]",
                "{% set y %}a{{ x }}b{% endset %}{{ y }}; ab",
                "{% macro m(v) %}({{ v }}){% endmacro %}{{ m(x) }}; ()",
                "{% filter upper %}a{{ x }}{% endfilter %}; A",
                "{% for k in tool %}{{ k }}{% endfor %}; ''",
                "{% for c in x %}{{ c }}.{% endfor %}; .......",
                "{{ x|indent }}{{ ('a\\n' ~ x)|indent(2, true) }}; '  a\n  '",
                "{{ x ~ ('é' ~ x)|title }}; É",
                "{{ x|replace('Foreign', '<s>') }}; <s>",
                "{{ x|e }}{{ '<'|e }}; &lt;",
                "{{ [x, 'b']|sort|last }}{{ [x]|map('upper')|first }}{{ x|string }}{{ x|default('q') }}; ''",
                "{{ x|center(11) }}; '    '",
                "{{ messages[0].n }}{{ messages[0].n + 1 }}; 56",
            })
    void onlyWhatTheTemplateWroteCounts(String template, String trusted) {
        RenderedChat chat = TemplateCases.render(template, MESSAGES);
        String written = chat.templateRanges().stream()
                .map(range -> chat.text().substring(range.start(), range.end()))
                .collect(Collectors.joining());
        assertThat(written).isEqualTo(trusted.replace("\\n", "\n"));
        assertThat(written.toLowerCase(Locale.ROOT)).doesNotContain("foreign");
    }

    @Test
    void rangesAreAscendingAndApart() {
        List<Range> ranges = TemplateCases.render("a{{ x }}b{{ '' }}c{{ x }}{{ '' ~ x }}d", MESSAGES)
                .templateRanges();
        assertThat(ranges).containsExactly(new Range(0, 1), new Range(8, 10), new Range(24, 25));
    }

    @Test
    void partsOfMixedTextsKeepTheOriginOfEveryCharacter() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            TextBuilder builder = new TextBuilder(new Meter(TemplateLimits.DEFAULT));
            for (int piece = random.nextInt(8); piece >= 0; piece--) {
                boolean foreign = random.nextBoolean();
                String text = (foreign ? "f" : "t").repeat(random.nextInt(4));
                builder.append(foreign ? TextValue.foreign(text) : TextValue.trusted(text));
            }
            TextValue whole = builder.build();
            int start = random.nextInt(whole.length() + 1);
            int end = start + random.nextInt(whole.length() - start + 1);
            assertOrigins(whole, seed);
            assertOrigins(whole.part(start, end), seed);
        }
    }

    private static void assertOrigins(TextValue text, int seed) {
        RenderedChat chat = RenderedChat.of(text);
        StringBuilder origins = new StringBuilder("f".repeat(text.length()));
        chat.templateRanges().forEach(range -> {
            for (int index = range.start(); index < range.end(); index++) {
                origins.setCharAt(index, 't');
            }
        });
        assertThat(origins.toString()).as("seed %d", seed).isEqualTo(text.string());
    }
}
