package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsRefusalTest {
    @TempDir
    private Path folder;

    @Test
    void aFileShorterThanTheLengthFieldIsRefused() throws IOException {
        assertRefused(new byte[7]).withMessageContaining("has 7 bytes");
        assertRefused(new byte[0]).withMessageContaining("has 0 bytes");
    }

    @Test
    void aTruncatedHeaderIsRefusedWithItsLength() throws IOException {
        assertRefused(length(1000, 20))
                .withMessageContaining("a header of 1000 bytes")
                .withMessageContaining("only 20 bytes in all")
                .withMessageContaining("truncated");
    }

    @Test
    void anAbsurdHeaderLengthIsRefused() throws IOException {
        assertRefused(length(100_000_001L, 16))
                .withMessageContaining("100000001")
                .withMessageContaining("100000000");
        assertRefused(length(-1, 16)).withMessageContaining("18446744073709551615");
        assertRefused(length(1, 16)).withMessageContaining("the shortest, {}, has 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                         | the header must be a JSON object, not an array
            `  `                       | the header must be a JSON object, not nothing
            {"a":                      | not valid JSON
            {} {}                      | more text follows
            {"a":[]}                   | the tensor 'a' must be a JSON object, not an array
            {"a":{}}                   | must state dtype, shape and the two data_offsets
            {"a":{"size":4}}           | unknown field 'size'
            {"a":{"dtype":7}}          | the dtype of the tensor 'a' must be a string, not a whole number
            {"a":{"shape":[1.5]}}      | the tensor 'a', shape must be a whole number, not a fraction
            {"a":{"shape":[[1]]}}      | the tensor 'a', shape must be a whole number, not an array
            {"a":{"shape":[99999999999999999999]}} | past 2^63 - 1
            {"a":{"data_offsets":[0,1,2]}} | more than 2 numbers
            {"a":{"shape":[],"shape":[]}} | states shape twice
            {"__metadata__":[]}        | __metadata__ must be a JSON object
            {"__metadata__":{"a":1}}   | __metadata__.a must be a string
            {"__metadata__":{"a":"b","a":"b"}} | __metadata__.a is stated twice
            {"__metadata__":{},"__metadata__":{}} | __metadata__ is stated twice
            """)
    void aHeaderOfTheWrongFormIsRefused(String header, String message) throws IOException {
        assertRefused(TestFiles.safetensors(header, 4)).withMessageContaining(message);
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() throws IOException {
        byte[] bytes = TestFiles.safetensors("{\"a\":{}}", 0);
        bytes[10] = (byte) 0xFF;
        assertRefused(bytes).withMessageContaining("not valid JSON");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [2] | [0,4]   | takes 8 bytes, but its data_offsets [0, 4] span 4
            [1] | [4,0]   | not a range of bytes
            [1] | [-4,0]  | not a range of bytes
            [-1]| [0,4]   | negative extent -1
            [4611686018427387904,4] | [0,4] | 2^63 - 1
            [1] | [4,8]   | without holes
            """)
    void aTensorThatContradictsItselfIsRefused(String shape, String offsets, String message) throws IOException {
        assertRefused(TestFiles.safetensors("{" + tensor("a", "F32", shape, offsets) + "}", 8))
                .withMessageContaining("the tensor 'a'")
                .withMessageContaining(message);
    }

    @Test
    void overlappingTensorsAreRefusedByName() throws IOException {
        String header = "{" + tensor("a", "F32", "[2]", "[0,8]") + "," + tensor("b", "F32", "[2]", "[4,12]") + "}";
        assertRefused(TestFiles.safetensors(header, 12))
                .withMessageContaining("'b' begins at byte 4")
                .withMessageContaining("overlaps with 'a', which ends at byte 8");
    }

    @Test
    void aTensorDeclaredTwiceIsRefused() throws IOException {
        String twice = tensor("a", "F32", "[1]", "[0,4]");
        assertRefused(TestFiles.safetensors("{" + twice + "," + twice + "}", 4))
                .withMessageContaining("'a' is declared twice");
    }

    @Test
    void aTruncatedFileIsRefusedWithBothLengths() throws IOException {
        String header = "{" + tensor("a", "F32", "[100]", "[0,400]") + "}";
        assertRefused(TestFiles.safetensors(header, 399))
                .withMessageContaining("truncated")
                .withMessageContaining("take " + (8 + header.length() + 400) + " bytes")
                .withMessageContaining("only " + (8 + header.length() + 399));
    }

    @Test
    void bytesBehindTheLastTensorAreRefused() throws IOException {
        String header = "{" + tensor("a", "F32", "[1]", "[0,4]") + "}";
        assertRefused(TestFiles.safetensors(header, 7)).withMessageContaining("3 bytes behind its last tensor");
    }

    @Test
    void offsetsAtTheEndOfTheNumbersAreRefused() throws IOException {
        String header = "{" + tensor("a", "U8", "[" + Long.MAX_VALUE + "]", "[0," + Long.MAX_VALUE + "]") + "}";
        assertRefused(TestFiles.safetensors(header, 4)).withMessageContaining("truncated");
    }

    @Test
    void anUnknownDtypeIsRefusedWithItsTensor() throws IOException {
        Path path = TestFiles.write(
                folder.resolve("bad.safetensors"),
                TestFiles.safetensors("{" + tensor("a", "F4", "[2]", "[0,1]") + "}", 1));
        assertThatExceptionOfType(UnsupportedTensorTypeException.class)
                .isThrownBy(() -> SafetensorsFile.open(path))
                .withMessageContaining("'a' has the unknown type F4")
                .withMessageContaining("BF16");
    }

    @Test
    void namesInMessagesAreKeptToOneShortLine() throws IOException {
        String name = "x\\n".repeat(2000);
        assertRefused(TestFiles.safetensors("{\"" + name + "\":[]}", 0))
                .withMessageContaining("x?x?x?")
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThanOrEqualTo(4001));
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        assertRefused(TestFiles.safetensors("{\"a\":{\"shape\":" + "[".repeat(5000), 0));
    }

    private static String tensor(String name, String dtype, String shape, String offsets) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets
                + "}";
    }

    private static byte[] length(long headerLength, int fileLength) {
        return ByteBuffer.allocate(fileLength)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerLength)
                .array();
    }

    private ThrowableAssertAlternative<MalformedCheckpointException> assertRefused(byte[] bytes) throws IOException {
        Path path = TestFiles.write(folder.resolve("bad.safetensors"), bytes);
        return assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> SafetensorsFile.open(path))
                .withMessageStartingWith(path.toString());
    }
}
