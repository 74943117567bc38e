package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentencePieceModelTest {
    private static final int UNIGRAM = 1;
    private static final int BYTE_PAIRS = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    /** Writes a part of a message. */
    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream output) throws IOException;
    }

    @Test
    void aModelOfBytePairsIsRead() throws IOException {
        write(model(BYTE_PAIRS, "", false));
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("ab", true)).containsExactly(1, 3, 6);
            assertThat(tokenizer.encode("ab", false)).containsExactly(3, 6);
            assertThat(tokenizer.decode(new int[] {1, 3, 6, 2}, true)).isEqualTo("ab");
            assertThat(tokenizer.specialIds()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void theConfigurationBesideItMaySwitchTheBeginningOff() throws IOException {
        write(model(BYTE_PAIRS, "", false));
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"add_bos_token\": false}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.beginningOfText()).hasValue(1);
            assertThat(tokenizer.encode("ab", true)).containsExactly(3, 6);
        }
    }

    @Test
    void whatIsNotSupportedYetIsSaid() throws IOException {
        int words = 3;
        assertUnsupported(
                model(words, "", false), "type number 3 are not supported; supported are the types 1 (Unigram)");
        write(model(BYTE_PAIRS, "map", false));
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("its character map of 3 bytes");
    }

    @Test
    void aUnigramPieceHasAtMost1024Chars() throws IOException {
        Fields small = model(UNIGRAM, "", false);
        String longest = "a".repeat(1024);
        write(output -> {
            small.write(output);
            message(output, 1, piece(longest, 5, PieceType.NORMAL));
        });
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode(longest, false)).endsWith(7).hasSize(2);
        }
        write(output -> {
            small.write(output);
            message(output, 1, piece(longest + "a", 5, PieceType.NORMAL));
        });
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("tokenizer.model: the piece with id 7 has 1025 chars; at most 1024");
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        Path file = directory.resolve("tokenizer.model");
        byte[] whole = bytes(model(BYTE_PAIRS, "", false));
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (Tokenizer tokenizer = Tokenizers.open(directory)) {
                assertThat(tokenizer.vocabularySize()).as("cut at %d", length).isEqualTo(7);
            } catch (MalformedTokenizerException | UnsupportedTokenizerException refusal) {
                assertThat(refusal).hasMessageContaining("tokenizer.model");
            }
        }
    }

    private void assertUnsupported(Fields model, String message) throws IOException {
        write(model);
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(UnsupportedTokenizerException.class)
                .hasMessageContaining(message);
    }

    private void write(Fields model) throws IOException {
        Files.write(directory.resolve("tokenizer.model"), bytes(model));
    }

    private static Fields model(int type, String characters, boolean removesExtraSpaces) {
        return output -> {
            message(output, 1, piece("<unk>", 0, PieceType.UNKNOWN));
            message(output, 1, piece("<s>", 0, PieceType.CONTROL));
            message(output, 1, piece("</s>", 0, PieceType.CONTROL));
            message(output, 1, piece("\u2581", 0, PieceType.NORMAL));
            message(output, 1, piece("a", 0, PieceType.NORMAL));
            message(output, 1, piece("b", 0, PieceType.NORMAL));
            message(output, 1, piece("ab", -1, PieceType.NORMAL));
            message(output, 2, trainer -> {
                trainer.writeString(1, "corpus.txt");
                trainer.writeEnum(3, type);
            });
            message(output, 3, normalizer -> {
                normalizer.writeByteArray(2, characters.getBytes(StandardCharsets.UTF_8));
                normalizer.writeBool(4, removesExtraSpaces);
            });
        };
    }

    private static Fields piece(String text, float score, PieceType type) {
        return output -> {
            output.writeString(1, text);
            output.writeFloat(2, score);
            output.writeEnum(3, type.number());
        };
    }

    private static void message(CodedOutputStream output, int field, Fields fields) throws IOException {
        output.writeBytes(field, ByteString.copyFrom(bytes(fields)));
    }

    private static byte[] bytes(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        fields.write(output);
        output.flush();
        return bytes.toByteArray();
    }
}
