package io.tributary.models;

import java.nio.ByteBuffer;

/** The SHA-256, as four big-endian numbers, of all that the content of a full page depends on: see {@link PrefixHash}. */
record PrefixKey(long first, long second, long third, long fourth) {

    /** @param digest 32 bytes */
    static PrefixKey of(byte[] digest) {
        ByteBuffer buffer = ByteBuffer.wrap(digest);
        return new PrefixKey(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    void write(ByteBuffer target) {
        target.putLong(first).putLong(second).putLong(third).putLong(fourth);
    }
}
