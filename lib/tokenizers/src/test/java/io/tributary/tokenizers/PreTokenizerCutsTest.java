package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where pre-tokenizers cut. Of some models only the ids of the golden texts are here, not the vocabulary. They show the
 * cuts all the same: equal cuts have equal ids wherever they occur, and no id belongs to two cuts at once. That shows
 * cuts too many or at wrong places, not cuts too few; those are shown by the texts with their expected cuts.
 */
class PreTokenizerCutsTest {
    private static final Path FILE = Path.of("cuts.gguf");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-bpe",
                "qwen2",
                "deepseek-r1-qwen",
                "falcon",
                "command-r",
                "deepseek-llm",
                "chameleon",
                "roberta-bpe",
                "gpt-2",
                "starcoder",
                "refact",
                "deepseek-coder"
            })
    void theIdsOfTheReferenceFallApartAtTheCuts(String name) {
        assertThat(contradiction(name, name)).isEmpty();
    }

    /** The check above fails for a pre-tokenizer that cuts elsewhere; it cannot for one that only cuts less. */
    @ParameterizedTest
    @CsvSource({
        "qwen2,llama-bpe",
        "qwen2,gpt-2",
        "gpt-2,chameleon",
        "gpt-2,falcon",
        "starcoder,gpt-2",
        "starcoder,llama-bpe",
        "chameleon,gpt-2",
        "chameleon,qwen2",
        "deepseek-coder,llama-bpe",
        "deepseek-llm,gpt-2",
        "falcon,llama-bpe",
        "falcon,command-r"
    })
    void theyDoNotFallApartAtTheCutsOfAnother(String wrong, String vocabulary) {
        assertThat(contradiction(wrong, vocabulary)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
                gpt-4o       -> HTTPServer's 12345 naïveÉté//x -> HTTPServer's| |123|45| naïve|Été|//|x
                tekken       -> HTTPServer's 123 a//b          -> HTTPServer|'s| |1|2|3| a|//|b
                llama3       -> We'LL pay 12345.50!            -> We|'LL| pay| |123|45|.|50|!
                qwen35       -> héllo e\u0301t 12              -> héllo| e\u0301t| |1|2
                dbrx         -> a  b 1234                      -> a| | b| |123|4
                bloom        -> Hello, world (and) more.       -> Hello|,| world| (|and|)| more|.
                viking       -> Year 2024, ok                  -> Year| |2|0|2|4|,| ok
                deepseek-v3  -> var_x 1234日本語 abc!           -> var|_x| |123|4|日本語| abc|!
                deepseek-llm -> Hi, 12 日本語 ok                -> Hi|,| |12| |日本語| ok
                bailingmoe   -> it's 12 ok                     -> it|'s| |1|2| ok
                seed-coder   -> x = 12;                        -> x| =| |1|2|;
                falcon       -> a=1234`b`                      -> a|=|123|4|`|b|`
                command-r    -> I've 12 ok                     -> I|'ve| |1|2| ok
                """)
    void aTextIsCutAsExpected(String name, String text, String cuts) {
        assertThat(cuts(name, List.of(text.strip())).getFirst())
                .containsExactly(cuts.strip().split("\\|"));
    }

    /** RoBERTa has the entries of GPT-2 under other ids. */
    @Test
    void theIdsOfRobertaAreThoseOfGpt2UnderOtherNumbers() {
        List<int[]> ours;
        try (Tokenizer tokenizer = Tokenizers.named("gpt-2")) {
            ours = Tokenizers.goldenTexts().stream()
                    .map(text -> tokenizer.encode(text, false))
                    .toList();
        }
        List<int[]> theirs = Tokenizers.goldenIds("roberta-bpe");
        Map<Integer, Integer> numbers = new HashMap<>();
        Map<Integer, Integer> back = new HashMap<>();
        for (int text = 0; text < ours.size(); text++) {
            assertThat(theirs.get(text)).as("text %d", text).hasSameSizeAs(ours.get(text));
            for (int index = 0; index < ours.get(text).length; index++) {
                int one = ours.get(text)[index];
                int other = theirs.get(text)[index];
                assertThat(numbers.computeIfAbsent(one, _ -> other)).isEqualTo(other);
                assertThat(back.computeIfAbsent(other, _ -> one)).isEqualTo(one);
            }
        }
        assertThat(numbers).hasSizeGreaterThan(150);
    }

    /** Why the golden ids cannot come from these cuts; empty when they can. */
    private static String contradiction(String preTokenizer, String vocabulary) {
        List<List<String>> texts = cuts(preTokenizer, Tokenizers.goldenTexts());
        List<int[]> golden = Tokenizers.goldenIds(vocabulary);
        Map<String, List<Integer>> known = new LinkedHashMap<>();
        boolean changed = true;
        while (changed) {
            int before = known.size();
            for (int text = 0; text < texts.size(); text++) {
                List<String> cuts = new ArrayList<>(texts.get(text));
                List<Integer> ids = new ArrayList<>();
                for (int id : golden.get(text)) {
                    ids.add(id);
                }
                String problem = explain(cuts, ids, known);
                if (!problem.isEmpty()) {
                    return "text " + text + ": " + problem;
                }
            }
            changed = known.size() > before;
        }
        return "";
    }

    /** Takes the cuts whose ids are known off both ends, and learns from what is left. */
    private static String explain(List<String> cuts, List<Integer> ids, Map<String, List<Integer>> known) {
        String problem = takeKnown(cuts, ids, known);
        if (problem.isEmpty()) {
            problem = takeKnown(cuts.reversed(), ids.reversed(), reversed(known));
        }
        if (problem.isEmpty() && cuts.size() > ids.size()) {
            problem = cuts.size() + " cuts are left for " + ids.size() + " ids";
        }
        if (problem.isEmpty() && cuts.isEmpty() && !ids.isEmpty()) {
            problem = ids + " are left for no cut";
        }
        if (problem.isEmpty() && cuts.size() == 1) {
            known.put(cuts.getFirst(), List.copyOf(ids));
        } else if (problem.isEmpty() && cuts.size() == ids.size()) {
            for (int index = 0; index < ids.size(); index++) {
                List<Integer> one = List.of(ids.get(index));
                if (!known.computeIfAbsent(cuts.get(index), _ -> one).equals(one)) {
                    problem = "'" + cuts.get(index) + "' is " + one + " and " + known.get(cuts.get(index));
                }
            }
        }
        return problem;
    }

    private static String takeKnown(List<String> cuts, List<Integer> ids, Map<String, List<Integer>> known) {
        while (!cuts.isEmpty() && known.containsKey(cuts.getFirst())) {
            List<Integer> expected = known.get(cuts.getFirst());
            if (ids.size() < expected.size() || !ids.subList(0, expected.size()).equals(expected)) {
                return "'" + cuts.getFirst() + "' is " + expected + ", but here is " + ids;
            }
            cuts.removeFirst();
            ids.subList(0, expected.size()).clear();
        }
        return "";
    }

    private static Map<String, List<Integer>> reversed(Map<String, List<Integer>> known) {
        Map<String, List<Integer>> reversed = new HashMap<>();
        known.forEach((cut, ids) -> reversed.put(cut, ids.reversed()));
        return reversed;
    }

    /** The cuts of texts, from the engine: a vocabulary of bytes without merges, whose words are the cuts. */
    private static List<List<String>> cuts(String name, List<String> texts) {
        Map<String, Integer> bytes = new LinkedHashMap<>();
        for (int value = 0; value < 256; value++) {
            bytes.put(String.valueOf(ByteLevelAlphabet.character(value)), value);
        }
        List<String> splits = PreTokenizer.named(name, FILE).splits();
        String json = new EncodingJson(bytes, List.of(), Map.of(), splits, null, false, false).write();
        NativeLibrary.load();
        long handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
        try {
            return texts.stream().map(text -> cuts(handle, text)).toList();
        } finally {
            TokenizersLibrary.LIB.deleteTokenizer(handle);
        }
    }

    private static List<String> cuts(long handle, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long encoding = TokenizersLibrary.LIB.encode(handle, text, false);
        try {
            long[] words = TokenizersLibrary.LIB.getWordIds(encoding);
            assertThat(words).hasSize(bytes.length);
            List<String> cuts = new ArrayList<>();
            int start = 0;
            for (int index = 1; index <= words.length; index++) {
                if (index == words.length || words[index] != words[start]) {
                    cuts.add(new String(bytes, start, index - start, StandardCharsets.UTF_8));
                    start = index;
                }
            }
            return cuts;
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }
}
