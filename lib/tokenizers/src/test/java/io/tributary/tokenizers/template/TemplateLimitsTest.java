package io.tributary.tokenizers.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.tokenizers.template.ChatTemplateException.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateLimitsTest {
    private static final String GROW = "{% set ns = namespace(v=1) %}{% for i in range(99) %}{% set ns.v = ";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f(n) %}{% for x in range(9) %}{{ f(n) }}{% endfor %}{% endmacro %}{{ f(1) }}",
                "{{ 'x' * 999999999 }}",
                "{{ 'x' * 9999999999999 }}",
                "{{ [0] * 999999999 }}",
                "{{ 'x'|center(999999999) }}",
                "{{ 'x'.ljust(999999999) }}",
                "{{ 'x'.center(2147483647, 'y') }}",
                "{{ '1'.zfill(2147483647) }}",
                "{{ 'x'|indent(999999999, true) }}",
                "{{ [1]|tojson(indent=999999999) }}",
                "{{ [1]|batch(999999999, 0)|list }}",
                "{{ range(100001) }}",
                "{{ range(0, 9223372036854775807, 9223372036854775806) }}{{ 'x' * 99999999 }}",
                "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(s='xx') %}{% for i in range(99) %}{% set ns.s = ns.s.replace('x', ns.s) %}{% endfor %}",
                "{% set ns = namespace(s='xy') %}{% for i in range(99) %}{% set ns.s = ns.s|join(ns.s) %}{% endfor %}",
                GROW + "[ns.v, ns.v] %}{% endfor %}{{ ns.v == ns.v[0] }}",
                GROW + "(ns.v, ns.v) %}{% endfor %}{{ {ns.v: 1} }}",
                GROW + "{'a': ns.v, 'b': ns.v} %}{% endfor %}{{ ns.v|tojson }}",
                GROW + "[ns.v] %}{% endfor %}{% set ns.v = [[ns.v]] %}",
                "{% set ns = namespace(v=[1]) %}{% for i in range(99) %}{% set ns.v = ns.v + ns.v %}{% endfor %}",
                "{% for i in range(99999) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 99 }}{% endfor %}",
                "{% set s = 'a b' * 999999 %}{% for i in range(99999) %}{{ s.split()|length }}{% endfor %}",
                "{% set s = 'ab' * 999999 %}{% for i in range(99999) %}{{ s|upper == s }}{{ s.find('zz') }}{% endfor %}",
                "{{ 'ab' * 9999 in 'ab' * 99999 }}",
                "{{ ('ab' * 99999).split('ab' * 9999) }}",
                "{{ ('ab' * 99999).rsplit('ab' * 9999) }}",
                "{{ ('ab' * 99999).replace('ab' * 9999, '') }}",
                "{{ ('ab' * 99999).rfind('ab' * 9999) }}",
                "{% set s = 'a' * 8000 %}{% set t = 'a' * 4000 ~ 'b' %}{% for i in range(99) %}{{ t in s }}{% endfor %}",
                "{% set c = 'ab' * 99999 %}{% for i in range(999) %}{{ 'x'.strip(c) }}{% endfor %}",
                "{% set d = {'A' * 99999: 1, 'B' * 99999: 2} %}{% for i in range(999) %}{{ d|dictsort|length }}{% endfor %}",
                "{% set l = ['A' * 99999] %}{% for i in range(999) %}{{ l|unique|length }}{% endfor %}",
                "{% set s = 'ab' * 999999 %}{% for i in range(99999) %}{{ s[5] }}{{ s|length }}{{ s|wordcount }}{% endfor %}",
            })
    void whatIsTooMuchEndsAtALimit(String template) {
        assertThatThrownBy(() -> TemplateCases.render(template))
                .isInstanceOfSatisfying(
                        ChatTemplateException.class,
                        failure -> assertThat(failure.reason())
                                .as(failure.getMessage())
                                .isEqualTo(Reason.LIMIT));
    }

    @Test
    void deepSourcesAreRefused() {
        for (String template : new String[] {
            "{{ " + "(".repeat(50_000) + "1" + ")".repeat(50_000) + " }}",
            "{{ " + "[".repeat(50_000) + "]".repeat(50_000) + " }}",
            "{{ " + "{1:".repeat(50_000) + "1" + "}".repeat(50_000) + " }}",
            "{{ " + "not ".repeat(50_000) + "1 }}",
            "{{ " + "- ".repeat(50_000) + "1 }}",
            "{{ 1 " + "if 1 else 2 ".repeat(15_000) + " }}",
            "{{ a" + "(a".repeat(50_000) + ")".repeat(50_000) + " }}",
            "{{ a" + "[a".repeat(50_000) + "]".repeat(50_000) + " }}",
            "{{ 1" + " is a 1".repeat(10_000) + " }}",
            "{% if 1 %}".repeat(20_000) + "{% endif %}".repeat(15_000),
            "{% set " + "(".repeat(50_000) + "a" + ")".repeat(50_000) + " = 1 %}",
            "{{ 1" + " + 1".repeat(50_000) + " }}",
            "{{ 1" + "|abs".repeat(50_000) + " }}",
            "{{ xs" + "[0]".repeat(50_000) + " }}",
            "{{ 1" + " and 1".repeat(30_000) + " }}",
        }) {
            assertThatThrownBy(() -> TemplateCases.render(template))
                    .as(template.substring(0, 20))
                    .isInstanceOf(ChatTemplateException.class);
        }
    }

    @Test
    void theLimitsAreKeptExactly() {
        TemplateLimits limits = new TemplateLimits(40, 100, 10);
        assertThat(render("{{ 'x' * 10 }}", limits)).isEqualTo("xxxxxxxxxx");
        assertThatThrownBy(() -> render("{{ 'x' * 10 }}y", limits)).hasMessageContaining("more than the 10 characters");
        assertThatThrownBy(() -> render("{% for i in range(99) %}{% endfor %}", limits))
                .hasMessageContaining("more than 100 steps");
        assertThatThrownBy(() -> render("x".repeat(41), limits)).hasMessageContaining("41 characters; at most 40");
        assertThatThrownBy(() -> new TemplateLimits(1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsLongerThanTheTextIsNotFoundInIt() {
        assertThat(TemplateCases.render("{{ 'ab' * 9999 in 'ab' }}{{ 'ab'.find('ab' * 9999) }}"))
                .isEqualTo("False-1");
    }

    @Test
    void aWidthFarBelowNothingFillsNothing() {
        assertThat(TemplateCases.render("{{ '-12'.zfill(-9223372036854775807) }}"))
                .isEqualTo("-12");
    }

    @Test
    void placesWithoutEndAreText() {
        String places = "%(".repeat(20_000);
        assertThat(TemplateCases.render("{{ '" + places + "%(a)s' % {'a': 1} }}"))
                .isEqualTo(places + "1");
    }

    @Test
    void deepVariablesAreRefused() {
        String deep = "{\"x\": " + "[".repeat(150) + "]".repeat(150) + "}";
        assertThatThrownBy(() -> TemplateCases.render("{{ x }}", deep))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("nested deeper than 100");
        assertThatThrownBy(() -> TemplateCases.render("{{ x }}", "{\"x\": 123456789012345678901234567890}"))
                .hasMessageContaining("more than 64 bits");
    }

    @Test
    void aConversationOfTooManyValuesIsRefused() {
        ObjectNode variables = JsonNodeFactory.instance.objectNode();
        ArrayNode values = variables.putArray("values");
        for (int count = 1; count < TemplateLimits.MAXIMAL_JSON_VALUES; count++) {
            values.add(count);
        }
        ChatTemplate template =
                ChatTemplate.of("{{ values|length }}", Map.of(), TemplateLimits.DEFAULT, TemplateCases.CLOCK);
        assertThat(template.render(variables).text()).isEqualTo("199999");

        variables.put("more", 1);
        assertThatThrownBy(() -> template.render(variables))
                .hasMessageContaining("hold more than 200000 JSON values")
                .extracting("reason")
                .isEqualTo(Reason.LIMIT);
    }

    @Test
    void keysOfOneHashCodeHaveAnOrder() {
        TextValue one = TextValue.foreign("AaBB");
        TextValue other = TextValue.trusted("BBAa");
        assertThat(one).hasSameHashCodeAs(other).isLessThan(other);
        assertThat(other).isGreaterThan(one).isEqualByComparingTo(TextValue.foreign("BBAa"));
    }

    private static String render(String template, TemplateLimits limits) {
        return ChatTemplate.of(template, Map.of(), limits, TemplateCases.CLOCK)
                .render(JsonNodeFactory.instance.objectNode())
                .text();
    }
}
