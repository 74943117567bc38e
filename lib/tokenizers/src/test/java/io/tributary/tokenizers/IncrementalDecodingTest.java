package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncrementalDecodingTest {
    private static final int SEQUENCES = 2000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kjv",
                "gpt-2",
                "llama-spm",
                "bert-bge",
                "clip",
                "unigram-bytes",
                "unigram-nfkc",
                "unigram-suffix"
            })
    void thePartsOfRandomIdsAreTheWholeAndNoneEndsInsideACharacter(String vocabulary) {
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            for (long seed = 0; seed < SEQUENCES; seed++) {
                Random random = new Random(seed);
                int[] ids = randomIds(random, tokenizer.vocabularySize());
                IncrementalDecoder decoder = tokenizer.incrementalDecoder(new int[0]);
                StringBuilder text = new StringBuilder();
                int from = 0;
                while (from < ids.length) {
                    int to = Math.min(ids.length, from + random.nextInt(4));
                    String part = decoder.append(Arrays.copyOfRange(ids, from, to));
                    assertWhole(part, seed);
                    text.append(part);
                    from = to;
                }
                text.append(decoder.finish());
                assertThat(text.toString()).as("seed %d", seed).isEqualTo(tokenizer.decode(ids, true));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kjv",
                "gpt-2",
                "llama-spm",
                "bert-bge",
                "clip",
                "unigram-bytes",
                "unigram-nfkc",
                "unigram-suffix"
            })
    void aContextIsDecodedButItsTextIsNotGiven(String vocabulary) {
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            for (long seed = 0; seed < SEQUENCES; seed++) {
                Random random = new Random(seed);
                int[] ids = randomIds(random, tokenizer.vocabularySize());
                int border = random.nextInt(ids.length + 1);
                IncrementalDecoder whole = tokenizer.incrementalDecoder(new int[0]);
                whole.append(Arrays.copyOf(ids, border));
                String expected = whole.append(Arrays.copyOfRange(ids, border, ids.length)) + whole.finish();
                IncrementalDecoder decoder = tokenizer.incrementalDecoder(Arrays.copyOf(ids, border));
                String text = decoder.append(Arrays.copyOfRange(ids, border, ids.length)) + decoder.finish();
                assertThat(text).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void theSpaceInFrontOfATextIsDroppedOnlyAtItsVeryStart() {
        try (Tokenizer tokenizer = Tokenizers.named("llama-spm")) {
            int[] ids = tokenizer.encode("Hello world", true);
            assertThat(tokenizer.decode(ids, true)).isEqualTo("Hello world");
            assertThat(tokenizer.incrementalDecoder(new int[0]).append(ids)).isEqualTo("Hello world");
            int[] prompt = Arrays.copyOf(ids, ids.length - 1);
            assertThat(tokenizer.incrementalDecoder(prompt).append(ids[ids.length - 1]))
                    .isEqualTo(" world");
            int[] onlyBeginning = {1};
            assertThat(tokenizer.incrementalDecoder(onlyBeginning).append(ids[1]))
                    .isEqualTo("Hello");
        }
    }

    @Test
    void aCharacterIsHeldBackUntilItsLastByteAndReplacedWhenThatNeverComes() {
        try (Tokenizer tokenizer = Tokenizers.named("llama-spm")) {
            int firstByte = 3;
            int[] bytes = {firstByte + 0xF0, firstByte + 0x9F, firstByte + 0x98, firstByte + 0x80};
            IncrementalDecoder decoder = tokenizer.incrementalDecoder(new int[0]);
            assertThat(decoder.append(bytes[0])).isEmpty();
            assertThat(decoder.append(bytes[1], bytes[2])).isEmpty();
            assertThat(decoder.append(bytes[3])).isEqualTo("😀");
            assertThat(decoder.append(bytes[0], bytes[1])).isEmpty();
            assertThat(decoder.finish()).isEqualTo("\uFFFD");
            assertThat(decoder.finish()).isEmpty();
            assertThatThrownBy(() -> decoder.append(bytes[0])).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anIdOutsideTheVocabularyIsNamedAndLeavesTheSequenceAsItWas() {
        try (Tokenizer tokenizer = Tokenizers.named("kjv")) {
            IncrementalDecoder decoder = tokenizer.incrementalDecoder(new int[0]);
            assertThatThrownBy(() -> decoder.append(1147, 2048))
                    .isInstanceOf(UnknownTokenException.class)
                    .hasMessageContaining("2048")
                    .hasMessageContaining("0 to 2047");
            assertThat(decoder.append(1147) + decoder.finish()).isEqualTo("In");
            assertThatThrownBy(() -> tokenizer.incrementalDecoder(new int[] {-1}))
                    .isInstanceOf(UnknownTokenException.class);
            assertThatThrownBy(() -> tokenizer.piece(2048)).isInstanceOf(UnknownTokenException.class);
        }
    }

    private static int[] randomIds(Random random, int vocabularySize) {
        int bytePieces = 260;
        int limit = random.nextBoolean() ? vocabularySize : Math.min(bytePieces, vocabularySize);
        return random.ints(random.nextInt(30), 0, limit).toArray();
    }

    private static void assertWhole(String part, long seed) {
        boolean whole = part.isEmpty()
                || (!Character.isHighSurrogate(part.charAt(part.length() - 1))
                        && !Character.isLowSurrogate(part.charAt(0)));
        assertThat(whole)
                .as("seed %d: the part '%s' is made of whole characters", seed, part)
                .isTrue();
    }
}
