package io.tributary.tokenizers.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.tokenizers.template.ChatTemplateException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{{ a.b }}; 'a' is undefined",
                "{{ {'a': 1}.b.c }}; a value of type dict has no attribute 'b'",
                "{{ 'a' + 1 }}; '+' cannot be applied to str and int",
                "{{ [1].append(2) }}; a template may not change a list with 'append'",
                "{{ 1|nosuch }}; there is no filter 'nosuch'",
                "{{ 1 is nosuch }}; there is no test 'nosuch'",
                "{{ 'a'.__class__.x }}; a value of type str has no attribute '__class__'",
                "{{ ''|replace('a') }}; 'replace' needs the arguments old, new",
                "{{ ''|trim('a', 'b') }}; 'trim' takes at most 1 arguments, not 2",
                "{{ 9223372036854775807 + 1 }}; the result of '+' has more than 64 bits",
                "{% for x in 5 %}{% endfor %}; a value of type int has no elements",
                "{% set x.y = 1 %}; 'x' is none",
                "{% endif %}; there is 'endif', but nothing that it could end or continue",
                "{% nosuch %}; there is no statement 'nosuch'",
                "{{ (1 }}; wanted is ')'",
                "{{ 1 ]; there is a ']', but nothing is open",
                "{% if 1 %}; wanted is 'endif'",
                "{{ 'open; a string has no end",
                "{# open; a comment has no end",
                "{{ 1 2 }}; there is '2'; wanted is '}}'",
                "{% break %}; there is 'break' outside a loop",
            })
    void errorsNameTheLineAndTheProblem(String template, String problem) {
        assertThatThrownBy(() -> TemplateCases.render("first\n{% if true %}\n\n" + template + "\n{% endif %}"))
                .isInstanceOfSatisfying(ChatTemplateException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(Reason.FAULT);
                    assertThat(failure.getMessage())
                            .contains("of the chat template: ")
                            .contains(problem);
                });
    }

    @Test
    void theLineIsThatOfTheExpressionThatFails() {
        assertLine("a\nb {{ x }}\n{{ [\n1,\n2 + y\n] }}", 5);
        assertLine("{% macro m() %}\n{{ y.z }}{% endmacro %}\n\n{{ m() }}", 2);
        assertLine("{#\n\n#}\n{{- '\n' ~\ny.z }}", 6);
        assertLine("{% raw %}\n\n{% endraw %}{{ y.z }}", 3);
        assertLine("x\r\ny\r\n{% if y.z %}{% endif %}", 3);
        assertLine("\n\n{% set a = 1\n%}\n{% set b = }}", 5);
    }

    private static void assertLine(String template, int line) {
        assertThatThrownBy(() -> TemplateCases.render(template))
                .isInstanceOfSatisfying(
                        ChatTemplateException.class,
                        failure -> assertThat(failure.line()).as(template).isEqualTo(line));
    }

    @Test
    void whatTheTemplateRaisesIsInItsOwnWords() {
        assertThatThrownBy(() -> TemplateCases.render("\n{{ raise_exception('no ' ~ 1 ~ ' way') }}"))
                .hasMessage("line 2 of the chat template: no 1 way")
                .isInstanceOfSatisfying(ChatTemplateException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(Reason.RAISED);
                    assertThat(failure.problem()).isEqualTo("no 1 way");
                });
    }
}
