package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharacterMapTest {
    private static final Path FILE = Path.of("tokenizer.model");
    private static final byte[] NMT_NFKC = SentencePieceFile.named("unigram-nfkc").characters;

    @ParameterizedTest
    @CsvSource({"ﬁ,fi", "ｶﾞ,ガ", "１,1", "㌔,キロ", "e\u0301,é", "'\u3000',' '", "①,1"})
    void theLongestMatchIsReplaced(String text, String replacement) {
        CharacterMap map = CharacterMap.read(NMT_NFKC, FILE);
        assertThat(map.longestMatch("a" + text + "b", 1))
                .isEqualTo(new CharacterMap.Match(1 + text.length(), replacement));
        assertThat(map.longestMatch("a", 0)).isNull();
    }

    @Test
    void aMapThatContradictsItselfIsRefused() {
        for (byte[] broken :
                new byte[][] {{}, {1, 2, 3}, {0, 0, 0, 0, 0}, {8, 0, 0, 0, 1, 2, 3, 4}, {3, 0, 0, 0, 1, 2, 3, 0}}) {
            assertThatThrownBy(() -> CharacterMap.read(broken, FILE))
                    .isInstanceOf(MalformedTokenizerException.class)
                    .hasMessageContaining("tokenizer.model: its character map of " + broken.length + " bytes");
        }
        byte[] outside = {4, 0, 0, 0, 0, 4, 0, 0, 'a', 0};
        assertThatThrownBy(() -> CharacterMap.read(outside, FILE)).hasMessageContaining("leads out of it");
        byte[] endless = {4, 0, 0, 0, 0, 0, 0, 0, 'a'};
        assertThatThrownBy(() -> CharacterMap.read(endless, FILE)).hasMessageContaining("has no end");
    }

    @Test
    void aReplacementIsNotLongerThanAKibibyte() {
        byte[] index = {4, 0, 0, 0, 0, 4, 0, 0};
        byte[] longest = Arrays.copyOf(index, index.length + 1025);
        Arrays.fill(longest, index.length, longest.length - 1, (byte) 'a');
        assertThatThrownBy(() -> CharacterMap.read(longest, FILE)).hasMessageContaining("leads out of it");

        byte[] longer = Arrays.copyOf(longest, longest.length + 1);
        longer[longest.length - 1] = 'a';
        assertThatThrownBy(() -> CharacterMap.read(longer, FILE))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("tokenizer.model: a replacement of its character map has more than 1024 bytes");
    }

    @Test
    void brokenIndexesAreRefusedOrNeitherFailNorHang() {
        int refused = 0;
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] broken = Arrays.copyOf(NMT_NFKC, NMT_NFKC.length);
            int changes = 1 << random.nextInt(15);
            for (int count = 0; count < changes; count++) {
                broken[4 + random.nextInt(broken.length - 5)] = (byte) random.nextInt();
            }
            try {
                assertMatches(CharacterMap.read(broken, FILE), seed);
            } catch (MalformedTokenizerException refusal) {
                assertThat(refusal).hasMessageContaining("leads out of it");
                refused++;
            }
        }
        assertThat(refused).isBetween(50, 299);
    }

    private static void assertMatches(CharacterMap map, long seed) {
        String text = new RandomText(seed).next();
        for (int index = 0; index < text.length(); index = text.offsetByCodePoints(index, 1)) {
            CharacterMap.Match match = map.longestMatch(text, index);
            assertThat(match == null || match.end() > index)
                    .as("seed %d, index %d: %s", seed, index, Objects.toString(match))
                    .isTrue();
        }
    }
}
