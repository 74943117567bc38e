package io.tributary.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import java.util.List;
import java.util.Random;

/** Messages that a parser accepts and nobody would send: any field may be missing, absurd, or there a hundred times. */
final class RandomMessages {
    private static final int DEEPEST = 4;
    private static final int MOST_ELEMENTS = 100;
    private static final List<Float> FLOATS = List.of(
            0f,
            -0f,
            1f,
            -1f,
            0.5f,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MAX_VALUE,
            Float.MIN_VALUE);
    private static final List<Integer> INTS =
            List.of(0, 1, 2, 20, 127, 128, 2047, 2048, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, -1);
    private static final List<Long> LONGS = List.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE);
    private static final List<String> TEXTS = List.of(
            "",
            "In the beginning",
            "\0",
            "\uD83D\uDE00",
            "{",
            "{\"type\":\"object\"}",
            "{\"$ref\":\"#\"}",
            "root ::= root",
            "((((((((((a*)*)*)*)*)*)*)*)*)*",
            "<s>[INST] </s>",
            "user",
            "assistant",
            "0-0-00000000000000000000000000000000",
            "x".repeat(10_000),
            "[".repeat(10_000));

    private final Random random;

    RandomMessages(Random random) {
        this.random = random;
    }

    DynamicMessage of(Descriptor type) {
        return of(type, 0);
    }

    private DynamicMessage of(Descriptor type, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            boolean tooDeep = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth >= DEEPEST;
            if (random.nextInt(3) == 0 || tooDeep) {
                continue;
            }
            if (field.isRepeated()) {
                fill(message, field, depth);
            } else {
                message.setField(field, value(field, depth));
            }
        }
        return message.build();
    }

    private void fill(DynamicMessage.Builder message, FieldDescriptor field, int depth) {
        int most = random.nextInt(10) == 0 ? MOST_ELEMENTS : 3;
        int count = random.nextInt(most + 1);
        for (int index = 0; index < count; index++) {
            message.addRepeatedField(field, value(field, depth));
        }
    }

    private Object value(FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case BOOLEAN -> random.nextBoolean();
            case INT -> random.nextBoolean() ? random.nextInt(2048) : one(INTS);
            case LONG -> random.nextBoolean() ? random.nextLong() : one(LONGS);
            case FLOAT -> random.nextBoolean() ? random.nextFloat() : one(FLOATS);
            case DOUBLE -> (double) one(FLOATS);
            case STRING -> one(TEXTS);
            case BYTE_STRING -> ByteString.copyFrom(bytes(random, 64));
            case ENUM -> value(field.getEnumType().getValues());
            case MESSAGE -> of(field.getMessageType(), depth + 1);
        };
    }

    private EnumValueDescriptor value(List<EnumValueDescriptor> values) {
        return values.get(random.nextInt(values.size()));
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** Up to so many random bytes. */
    static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }
}
