package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufRefusalTest {
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    @TempDir
    private Path folder;

    @Test
    void aFileOfAnotherFormatIsRefusedWithItsFirstBytes() throws IOException {
        assertRefused(new GgufBytes().int32(0x04034B50).zeros(40)).withMessageContaining("this one with 504b0304");
        assertRefused(new GgufBytes()).withMessageContaining("the file ends at byte 0");
    }

    @Test
    void otherVersionsAreRefusedByNumber() throws IOException {
        for (int version : new int[] {0, 1, 4}) {
            assertRefused(new GgufBytes().int32(0x46554747).int32(version).zeros(16))
                    .withMessageContaining("GGUF version " + version + "; versions 2 and 3");
        }
    }

    @Test
    void bigEndianFilesAreRefusedAsSuch() throws IOException {
        byte[] file = ByteBuffer.allocate(24).putInt(0x47475546).putInt(3).array();
        assertRefused(file).withMessageContaining("big endian");
        assertRefused(new GgufBytes().int32(0x47475546).int32(3).zeros(16)).withMessageContaining("big endian");
    }

    @Test
    void countsPastTheFileAreRefused() throws IOException {
        assertRefused(GgufBytes.file(1000, 0)).withMessageContaining("states 1000 tensors, which take at least 24000");
        assertRefused(GgufBytes.file(0, 1000)).withMessageContaining("states 1000 keys, which take at least 13000");
        assertRefused(GgufBytes.file(-1, 0)).withMessageContaining("states 18446744073709551615 tensors; at most");
        assertRefused(GgufBytes.file(0, 1L << 40)).withMessageContaining("1099511627776 keys; at most 65536");
    }

    @Test
    void textsPastTheFileAreRefused() throws IOException {
        assertRefused(GgufBytes.file(0, 1).int64(60_000).zeros(20)).withMessageContaining("reading key 1 of 1");
        assertRefused(GgufBytes.file(0, 1).int64(-1).zeros(20))
                .withMessageContaining("18446744073709551615 bytes of text");
        assertRefused(GgufBytes.file(0, 1).text("k").int32(STRING).int64(1 << 20))
                .withMessageContaining("reading the value of 'k'")
                .withMessageContaining("states 1048576 bytes of text");
    }

    @Test
    void unknownValueTypesAreRefused() throws IOException {
        assertRefused(GgufBytes.file(0, 1).text("k").int32(13).zeros(9))
                .withMessageContaining("the type is 13; known are 0 to 12");
        assertRefused(GgufBytes.file(0, 1).text("k").int32(ARRAY).int32(-1).zeros(8))
                .withMessageContaining("the type is 4294967295");
    }

    @Test
    void arraysPastTheFileAreRefused() throws IOException {
        assertRefused(GgufBytes.file(0, 1).text("k").int32(ARRAY).int32(STRING).int64(10_000))
                .withMessageContaining("states 10000 array elements, which take at least 80000 bytes");
        assertRefused(GgufBytes.file(0, 1).text("k").int32(ARRAY).int32(0).int64(Long.MAX_VALUE))
                .withMessageContaining("array elements; at most 16777216");
    }

    @Test
    void arraysInArraysAreWalkedOverToABoundedDepth() throws IOException {
        GgufBytes shallow = GgufBytes.file(0, 1).text("k").int32(ARRAY);
        for (int depth = 0; depth < 3; depth++) {
            shallow.int32(ARRAY).int64(1);
        }
        shallow.int32(0).int64(0);
        Path path = TestFiles.write(folder.resolve("nested.gguf"), shallow.array());
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(path)) {
            assertThat(checkpoint.metadata().isArray("k")).isTrue();
        }

        GgufBytes deep = GgufBytes.file(0, 1).text("k").int32(ARRAY);
        for (int depth = 0; depth < 4000; depth++) {
            deep.int32(ARRAY).int64(1);
        }
        assertRefused(deep.zeros(12)).withMessageContaining("nested more than 4 deep");
    }

    @Test
    void aKeyThatOccursTwiceIsRefused() throws IOException {
        GgufBytes file = GgufBytes.file(0, 2);
        file.text("k").int32(0).zeros(1).text("k").int32(0).zeros(1);
        assertRefused(file).withMessageContaining("'k'").withMessageContaining("occurs twice");
    }

    @Test
    void textsThatAreNotUtf8AreRefusedWhenTheyAreWanted() throws IOException {
        GgufBytes file = GgufBytes.file(0, 1).text("k").int32(STRING).int64(4).int32(-1);
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(TestFiles.write(folder.resolve("m.gguf"), file.array()))) {
            assertThatExceptionOfType(MalformedCheckpointException.class)
                    .isThrownBy(() -> checkpoint.metadata().string("k"))
                    .withMessageContaining("the value of 'k': the text is not UTF-8");
        }
    }

    @Test
    void numbersPastTheLargestLongAreRefused() throws IOException {
        GgufBytes file = GgufBytes.file(0, 2).text("k").int32(10).int64(-1);
        file.text("f").int32(7).zeros(1);
        byte[] bytes = file.array();
        bytes[bytes.length - 1] = 2;
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(TestFiles.write(folder.resolve("m.gguf"), bytes))) {
            assertThatExceptionOfType(MalformedCheckpointException.class)
                    .isThrownBy(() -> checkpoint.metadata().integer("k"))
                    .withMessageContaining("18446744073709551615 is past");
            assertThatExceptionOfType(MalformedCheckpointException.class)
                    .isThrownBy(() -> checkpoint.metadata().flag("f"))
                    .withMessageContaining("neither 0 nor 1");
        }
    }

    @Test
    void alignmentsThatAreNoPowerOfTwoAreRefused() throws IOException {
        for (int alignment : new int[] {0, 24, 1 << 21}) {
            assertRefused(GgufBytes.file(0, 1)
                            .text("general.alignment")
                            .int32(4)
                            .int32(alignment))
                    .withMessageContaining("is " + alignment + "; wanted is a power of two up to 1048576");
        }
    }

    @Test
    void tensorsThatContradictThemselvesAreRefused() throws IOException {
        assertRefused(GgufBytes.file(1, 0)
                        .tensor("w", TensorType.F32, 0, 1, 1, 1, 1, 1)
                        .data(64))
                .withMessageContaining("'w'")
                .withMessageContaining("5 dimensions; at most 4");
        assertRefused(GgufBytes.file(1, 0).tensor("w", TensorType.F32, 4, 1).data(64))
                .withMessageContaining("offset 4 is not a multiple of the alignment 32");
        assertRefused(GgufBytes.file(1, 0).tensor("w", TensorType.F32, -32, 1).data(64))
                .withMessageContaining("offset 18446744073709551584");
        assertRefused(GgufBytes.file(1, 0).tensor("w", TensorType.F32, 0, -1).data(64))
                .withMessageContaining("negative extent -1");
        assertRefused(GgufBytes.file(1, 0)
                        .tensor("w", TensorType.F32, 0, 1L << 40, 1L << 40)
                        .data(64))
                .withMessageContaining("2^63 - 1");
        assertRefused(GgufBytes.file(1, 0)
                        .tensor("w", TensorType.Q4_0, 0, 31, 32)
                        .data(640))
                .withMessageContaining("rows of 31 elements")
                .withMessageContaining("multiple of 32");
        assertRefused(GgufBytes.file(1, 0)
                        .tensor("w".repeat(257), TensorType.F32, 0, 1)
                        .data(64))
                .withMessageContaining("257 bytes of text; at most 256");
    }

    @Test
    void aTruncatedFileIsRefusedWithBothLengths() throws IOException {
        assertRefused(GgufBytes.file(1, 0).tensor("w", TensorType.F32, 32, 100).data(400))
                .withMessageContaining("the tensor 'w'")
                .withMessageContaining("ends at byte 496 of the file, but the file has only 464 bytes")
                .withMessageContaining("truncated");
        assertRefused(GgufBytes.file(1, 0).tensor("w", TensorType.I8, Long.MAX_VALUE - 31, Long.MAX_VALUE))
                .withMessageContaining("truncated");
    }

    @Test
    void overlappingTensorsAreRefusedByName() throws IOException {
        assertRefused(GgufBytes.file(2, 0)
                        .tensor("second", TensorType.F32, 32, 8)
                        .tensor("first", TensorType.F32, 0, 9)
                        .data(64))
                .withMessageContaining("'second'")
                .withMessageContaining("overlaps with 'first', which ends at byte 36");
    }

    @Test
    void aTensorDeclaredTwiceIsRefused() throws IOException {
        assertRefused(GgufBytes.file(2, 0)
                        .tensor("w", TensorType.F32, 0, 8)
                        .tensor("w", TensorType.F32, 32, 8)
                        .data(64))
                .withMessageContaining("'w' is declared twice");
    }

    private ThrowableAssertAlternative<MalformedCheckpointException> assertRefused(GgufBytes file) throws IOException {
        return assertRefused(file.array());
    }

    private ThrowableAssertAlternative<MalformedCheckpointException> assertRefused(byte[] bytes) throws IOException {
        Path path = TestFiles.write(folder.resolve("bad.gguf"), bytes);
        return assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> GgufCheckpoint.open(path))
                .withMessageStartingWith(path.toString());
    }
}
