package io.tributary.tokenizers;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The engine: the Rust library of huggingface/tokenizers. Its native interface is called directly, since the class on top
 * of it copies offsets, words and masks of every token and cuts texts at 512 tokens unless told not to. Safe for use by
 * several threads.
 */
final class NativeEncoder implements TextEncoder {
    private static final long CLOSED = 0;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private long handle;

    private NativeEncoder(long handle) {
        this.handle = handle;
    }

    /** Loads a tokenizer.json; the file it came from is for messages. */
    static NativeEncoder of(String tokenizerJson, Path file) {
        NativeLibrary.load();
        try {
            return new NativeEncoder(TokenizersLibrary.LIB.createTokenizerFromString(tokenizerJson));
        } catch (RuntimeException refused) {
            throw new MalformedTokenizerException(file, "the engine refuses it: " + refused.getMessage(), refused);
        }
    }

    @Override
    public int[] encode(String text, boolean postProcess) {
        lock.readLock().lock();
        try {
            if (handle == CLOSED) {
                throw new IllegalStateException("the tokenizer is closed");
            }
            long encoding = TokenizersLibrary.LIB.encode(handle, text, postProcess);
            try {
                return narrowed(TokenizersLibrary.LIB.getTokenIds(encoding));
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private static int[] narrowed(long[] wide) {
        int[] ids = new int[wide.length];
        for (int index = 0; index < ids.length; index++) {
            ids[index] = Math.toIntExact(wide[index]);
        }
        return ids;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (handle != CLOSED) {
                TokenizersLibrary.LIB.deleteTokenizer(handle);
                handle = CLOSED;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
