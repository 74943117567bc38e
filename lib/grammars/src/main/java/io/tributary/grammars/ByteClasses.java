package io.tributary.grammars;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The bytes that a grammar does not tell apart, put into classes, so that tables have a column for each class and not
 * for each byte.
 */
final class ByteClasses {
    private final byte[] ofByte;
    private final int[] representatives;

    private ByteClasses(byte[] ofByte, int[] representatives) {
        this.ofByte = ofByte;
        this.representatives = representatives;
    }

    static ByteClasses of(Collection<ByteSet> sets) {
        int[] classes = new int[256];
        int count = 1;
        for (ByteSet set : sets) {
            Map<Integer, Integer> renamed = new HashMap<>();
            for (int b = 0; b < 256; b++) {
                int key = 2 * classes[b] + (set.contains(b) ? 1 : 0);
                Integer name = renamed.putIfAbsent(key, renamed.size());
                classes[b] = name == null ? renamed.size() - 1 : name;
            }
            count = renamed.size();
        }
        byte[] ofByte = new byte[256];
        int[] representatives = new int[count];
        for (int b = 0; b < 256; b++) {
            ofByte[b] = (byte) classes[b];
            representatives[classes[b]] = b;
        }
        return new ByteClasses(ofByte, representatives);
    }

    int count() {
        return representatives.length;
    }

    /** One byte of a class. */
    int representative(int byteClass) {
        return representatives[byteClass];
    }

    int of(int b) {
        return ofByte[b] & 0xff;
    }
}
