package io.tributary.tokenizers;

import io.tributary.tokenizers.PreTokenizer.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * The pre-tokenizers of published models by the names that GGUF files give them. Sources: the tokenizer.json of each model
 * for the expressions, llama-vocab.cpp of github.com/ggml-org/llama.cpp for the names and for {@code default}, which
 * it uses for all other models.
 *
 * <p>Normal forms that some of these models apply first (NFC) are not part of a GGUF file and are left out, as
 * llama.cpp does: a text comes back as it was.
 */
final class PreTokenizerCatalog {
    private static final String CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d";
    private static final String ANY_CASE_CONTRACTIONS = "(?i:" + CONTRACTIONS + ")";
    private static final String LAST_SPACES = "|\\s+(?!\\S)|\\s+";
    private static final String SPACES = "|\\s*[\\r\\n]+" + LAST_SPACES;
    private static final String DIGIT = "\\p{N}";
    private static final String UP_TO_THREE_DIGITS = "\\p{N}{1,3}";
    private static final String EAST_ASIAN = "[\\x{4E00}-\\x{9FA5}\\x{800}-\\x{4E00}\\x{AC00}-\\x{D7FF}]+";
    private static final String HAN_AND_KANA = "[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{309F}\\x{30A0}-\\x{30FF}]+";
    private static final String GPT_2 = CONTRACTIONS + "| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
    private static final String SENTENCE_MARKS =
            " ?[^(\\s|.,!?\\x{2026}\\x{3002}\\x{FF0C}\\x{3001}\\x{964}\\x{6D4}\\x{60C})]+";

    /** Letters with case, as far as the vocabulary of DeepSeek LLM knew them. */
    private static final String CASED_LETTERS =
            "A-Za-z\\x{B5}\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{1BA}\\x{1BC}-\\x{1BF}"
                    + "\\x{1C4}-\\x{293}\\x{295}-\\x{2AF}\\x{370}-\\x{373}\\x{376}\\x{377}\\x{37B}-\\x{37D}"
                    + "\\x{37F}\\x{386}\\x{388}-\\x{38A}\\x{38C}\\x{38E}-\\x{3A1}\\x{3A3}-\\x{3F5}"
                    + "\\x{3F7}-\\x{481}\\x{48A}-\\x{52F}\\x{531}-\\x{556}\\x{10A0}-\\x{10C5}"
                    + "\\x{13A0}-\\x{13F5}\\x{13F8}-\\x{13FD}\\x{1C90}-\\x{1CBA}\\x{1CBD}-\\x{1CBF}"
                    + "\\x{1D00}-\\x{1D2B}\\x{1D6B}-\\x{1D77}\\x{1D79}-\\x{1D9A}\\x{1E00}-\\x{1F15}"
                    + "\\x{1F18}-\\x{1F1D}\\x{1F20}-\\x{1F45}\\x{1F48}-\\x{1F4D}\\x{1F50}-\\x{1F57}\\x{1F59}"
                    + "\\x{1F5B}\\x{1F5D}\\x{1F5F}-\\x{1F7D}\\x{1F80}-\\x{1FB4}\\x{1FB6}-\\x{1FBC}\\x{1FBE}"
                    + "\\x{1FC2}-\\x{1FC4}\\x{1FC6}-\\x{1FCC}\\x{1FD0}-\\x{1FD3}\\x{1FD6}-\\x{1FDB}"
                    + "\\x{1FE0}-\\x{1FEC}\\x{1FF2}-\\x{1FF4}\\x{1FF6}-\\x{1FFC}\\x{2102}\\x{2107}"
                    + "\\x{210A}-\\x{2113}\\x{2115}\\x{2119}-\\x{211D}\\x{2124}\\x{2126}\\x{2128}"
                    + "\\x{212A}-\\x{212D}\\x{212F}-\\x{2134}\\x{2139}\\x{213C}-\\x{213F}\\x{2145}-\\x{2149}"
                    + "\\x{214E}\\x{2183}\\x{2184}\\x{2C00}-\\x{2C7B}\\x{2C7E}-\\x{2CE4}\\x{2CEB}-\\x{2CEE}"
                    + "\\x{2CF2}\\x{2CF3}\\x{A640}-\\x{A66D}\\x{A680}-\\x{A69B}\\x{A722}-\\x{A76F}"
                    + "\\x{A771}-\\x{A787}\\x{A78B}-\\x{A78E}\\x{AB70}-\\x{ABBF}\\x{FB00}-\\x{FB06}"
                    + "\\x{FB13}-\\x{FB17}\\x{FF21}-\\x{FF3A}\\x{FF41}-\\x{FF5A}\\x{10400}-\\x{1044F}"
                    + "\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}"
                    + "\\x{118A0}-\\x{118DF}\\x{1E900}-\\x{1E943}";

    /** How Qwen 2 cuts. */
    static final String QWEN_2 = words(DIGIT);

    static final List<PreTokenizer> ALL = all();

    private PreTokenizerCatalog() {}

    private static List<PreTokenizer> all() {
        List<PreTokenizer> all = new ArrayList<>();
        addGpt2(all);
        addDigitByDigit(all);
        addLlama3(all);
        addQwen(all);
        addCased(all);
        addDeepSeek(all);
        addOthers(all);
        return List.copyOf(all);
    }

    private static PreTokenizer plain(List<String> names, String... splits) {
        return new PreTokenizer(names, false, Frame.NONE, List.of(splits));
    }

    private static void addGpt2(List<PreTokenizer> all) {
        all.add(plain(List.of("default"), "[\\p{P}\\$\\+<=>\\^~\\|]+", GPT_2, "\\p{N}+", "[0-9][0-9][0-9]"));
        all.add(plain(
                List.of(
                        "gpt-2",
                        "phi-2",
                        "mpt",
                        "olmo",
                        "jais",
                        "jina-es",
                        "jina-de",
                        "jina-v2-es",
                        "jina-v2-de",
                        "gigachat",
                        "a.x-4.0",
                        "mellum",
                        "modern-bert",
                        "trillion",
                        "granite-docling",
                        "exaone4"),
                GPT_2));
        all.add(new PreTokenizer(
                List.of("roberta-bpe", "jina-v2-code"), false, Frame.BEGINNING_AND_END, List.of(GPT_2)));
        all.add(plain(List.of("falcon"), "[\\p{P}\\$\\+<=>\\^~\\|`]+", GPT_2, "[0-9][0-9][0-9]"));
    }

    private static void addDigitByDigit(List<PreTokenizer> all) {
        all.add(plain(
                List.of("starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2"),
                DIGIT,
                GPT_2));
        all.add(new PreTokenizer(
                List.of("chameleon"),
                false,
                Frame.BEGINNING,
                List.of(
                        "<sentinel:[0-9]+>",
                        "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
                        "([\\t\\n]|    |  )",
                        DIGIT,
                        "[\\p{P}!-/:-@\\[-`{-~]",
                        GPT_2)));
    }

    /** Words with one sign in front, numbers in groups, signs with the line ends after them. */
    private static String words(String number) {
        return ANY_CASE_CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + number + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                + SPACES;
    }

    private static void addLlama3(List<PreTokenizer> all) {
        String words = words(UP_TO_THREE_DIGITS);
        all.add(new PreTokenizer(
                List.of("llama-bpe", "llama-v3", "llama3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"),
                true,
                Frame.BEGINNING,
                List.of(words)));
        all.add(plain(List.of("dbrx", "smaug-bpe", "chatglm-bpe", "glm4"), words));
    }

    private static void addQwen(List<PreTokenizer> all) {
        all.add(plain(
                List.of(
                        "qwen2",
                        "deepseek-r1-qwen",
                        "kormo",
                        "f2llmv2",
                        "megrez",
                        "stablelm2",
                        "hunyuan",
                        "solar-open",
                        "grok-2"),
                QWEN_2));
        all.add(plain(
                List.of("qwen35"),
                ANY_CASE_CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*" + SPACES));
        all.add(plain(
                List.of("bailingmoe", "bailingmoe2", "llada-moe"),
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*"
                        + "|\\s*[\\r\\n]" + LAST_SPACES));
        all.add(plain(
                List.of("seed-coder"),
                ANY_CASE_CONTRACTIONS
                        + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+"
                        + SPACES));
    }

    /** Words in which capitals come first, so that they are cut in front of a capital. */
    private static String casedWords(String contractions, String number) {
        String capitals = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
        String small = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
        String sign = "[^\\r\\n\\p{L}\\p{N}]?";
        return sign + capitals + "*" + small + "+" + contractions + "|" + sign + capitals + "+" + small + "*"
                + contractions + "|" + number + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + SPACES;
    }

    private static void addCased(List<PreTokenizer> all) {
        all.add(new PreTokenizer(List.of("tekken"), true, Frame.BEGINNING, List.of(casedWords("", DIGIT))));
        all.add(plain(
                List.of("gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"),
                casedWords(ANY_CASE_CONTRACTIONS + "?", UP_TO_THREE_DIGITS)));
    }

    private static void addDeepSeek(List<PreTokenizer> all) {
        all.add(plain(
                List.of("deepseek-llm"),
                "[\\r\\n]",
                "\\s?[" + CASED_LETTERS + "]+",
                "\\s?[!-/:-~\\x{FF01}-\\x{FF0F}\\x{FF1A}-\\x{FF5E}\\x{2018}-\\x{201F}\\x{3000}-\\x{3002}]+",
                "\\s+$",
                EAST_ASIAN,
                "\\p{N}+"));
        all.add(plain(List.of("deepseek-coder"), "[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", EAST_ASIAN, DIGIT));
        all.add(plain(
                List.of("deepseek-v3", "hunyuan-dense", "joyai-llm"),
                UP_TO_THREE_DIGITS,
                HAN_AND_KANA,
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                        + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*"
                        + SPACES));
    }

    private static void addOthers(List<PreTokenizer> all) {
        all.add(plain(List.of("bloom", "poro-chat", "gpt3-finnish"), SENTENCE_MARKS));
        all.add(plain(List.of("viking"), SENTENCE_MARKS, DIGIT));
    }
}
