package io.tributary.cli.experts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The numbers of a use that is known, for people and for programs. */
class ExpertTableTest {
    @Test
    void aLineTellsOfEachLayerHowEvenItsLoadIs() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

        ExpertTable.print(KnownUse.use(), out);

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "layer  busiest        idlest         entropy, bits     imbalance  overflow  most often together",
                        "    0  0 (40.0 %)     3 (0.0 %)      1.52 of 2.00           1.60         0  0 and 1 (60.0 %)",
                        "    3  0 (25.0 %)     0 (25.0 %)     2.00 of 2.00           1.00         1  -");
    }

    @Test
    void theObjectHoldsCountsPairsAndTheWeightsOfEveryToken() {
        JsonNode object = ExpertJson.of(KnownUse.use());

        assertThat(object.get("model").asText()).isEqualTo("known <1>");
        assertThat(object.get("prompt_tokens").asInt()).isEqualTo(3);
        assertThat(object.get("new_tokens").asInt()).isEqualTo(2);
        assertThat(object.get("tokens").findValuesAsText("text"))
                .containsExactly("In", " the", " unpronounceable", "\\n", "\\x01");
        JsonNode layer = object.get("layers").get(0);
        assertThat(layer.get("layer").asInt()).isZero();
        assertThat(layer.get("positions").asInt()).isEqualTo(5);
        assertThat(layer.get("chosen").toString()).isEqualTo("[4,4,2,0]");
        assertThat(layer.get("imbalance").asDouble()).isEqualTo(1.6);
        assertThat(layer.get("pairs").toString())
                .isEqualTo("[{\"experts\":[0,1],\"positions\":3},{\"experts\":[0,2],\"positions\":1},"
                        + "{\"experts\":[1,2],\"positions\":1}]");
        assertThat(layer.get("routing").get(1).toString()).isEqualTo("{\"experts\":[0,2],\"weights\":[0.5,0.5]}");
        assertThat(object.get("layers").get(1).get("overflow").asInt()).isOne();
        assertThat(object.get("layers").get(1).get("routing").get(4).toString())
                .as("a token without an expert")
                .isEqualTo("{\"experts\":[],\"weights\":[]}");
    }
}
