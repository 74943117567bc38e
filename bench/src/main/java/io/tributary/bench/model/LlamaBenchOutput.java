package io.tributary.bench.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.bench.BenchException;

/**
 * What llama-bench prints with {@code -o json}: an array with one object a test.
 *
 * @param version build number and commit
 * @param prefill tokens a second of the test that only reads a prompt
 * @param decode tokens a second of the test that only generates
 */
record LlamaBenchOutput(String version, double prefill, double decode) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws BenchException when the text is not of that form, or lacks one of the tests */
    static LlamaBenchOutput parse(String output) {
        double prefill = 0;
        double decode = 0;
        String version = "";
        for (JsonNode test : tests(output)) {
            double rate = test.path("avg_ts").asDouble();
            if (test.path("n_gen").asInt() == 0) {
                prefill = rate;
            } else if (test.path("n_prompt").asInt() == 0) {
                decode = rate;
            }
            version = "b" + test.path("build_number").asText() + " "
                    + test.path("build_commit").asText();
        }
        if (!(prefill > 0 && decode > 0)) {
            throw new BenchException("llama-bench reported prefill " + prefill + " and decode " + decode
                    + " tokens/s; one test with n_gen 0 and one with n_prompt 0 are needed, both with avg_ts above 0");
        }
        return new LlamaBenchOutput(version, prefill, decode);
    }

    private static JsonNode tests(String output) {
        try {
            return JSON.readTree(output);
        } catch (JsonProcessingException malformed) {
            throw new BenchException(
                    "llama-bench printed something else than JSON: " + malformed.getOriginalMessage(), malformed);
        }
    }
}
