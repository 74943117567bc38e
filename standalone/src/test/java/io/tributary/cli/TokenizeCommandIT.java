package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.mesh.ShippedModel;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** `tributary tokenize` with the shipped model. */
class TokenizeCommandIT {
    private static final ShippedModel EXPECTED = ShippedModel.expected();

    @Test
    void idsOfATextAreThoseThatTheModelSees() throws IOException {
        CommandResult result = CommandProcess.run("tokenize", "--special", "--json", EXPECTED.prompt());

        JsonNode object = new ObjectMapper().readTree(result.output());
        List<Integer> ids = StreamSupport.stream(object.get("ids").spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
        assertThat(ids).isEqualTo(EXPECTED.promptIds());
        assertThat(object.get("pieces")).hasSameSizeAs(ids);
        assertThat(result.status()).isZero();
    }

    @Test
    void idsBecomeTheirTextAgain() {
        String ids = EXPECTED.promptIds().stream().map(String::valueOf).collect(Collectors.joining(","));

        CommandResult result = CommandProcess.run("tokenize", "--ids", ids);

        assertThat(result.output()).isEqualTo(EXPECTED.prompt() + "\n");
        assertThat(result.status()).isZero();
    }

    @Test
    void eachTokenHasALine() {
        CommandResult result = CommandProcess.run("tokenize", "In the");

        assertThat(result.output().lines()).allMatch(line -> line.matches("\\d+\t\".*\""));
        assertThat(result.output()).contains("the\"");
    }

    @Test
    void anIdOutsideTheVocabularyIsNamed() {
        CommandResult result = CommandProcess.run("tokenize", "--ids", "123456789");

        assertThat(result.messages()).singleElement().asString().contains("123456789");
        assertThat(result.status()).isEqualTo(1);
    }
}
