package io.tributary.media.image;

import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file in memory. A reader that asks again and again for bytes behind its end is stopped: that of lossless WebP takes the
 * end for no error, goes on with the last bits, and would make a picture and hundreds of megabytes of tables of a kilobyte.
 */
final class FileStream extends ImageInputStreamImpl {
    /** Readers ask some times whether there is more. */
    private static final int MAXIMAL_READS_BEHIND_END = 64;

    private final byte[] file;
    private int readsBehindEnd;

    FileStream(byte[] file) {
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        checkClosed();
        bitOffset = 0;
        return ended() ? -1 : Byte.toUnsignedInt(file[(int) streamPos++]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        checkClosed();
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        if (ended()) {
            return -1;
        }
        int count = (int) Math.min(length, file.length - streamPos);
        System.arraycopy(file, (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    @Override
    public long length() {
        return file.length;
    }

    /** The exception is none for an end of file, which that reader would catch. */
    private boolean ended() throws IIOException {
        if (streamPos < file.length) {
            return false;
        }
        readsBehindEnd++;
        if (readsBehindEnd > MAXIMAL_READS_BEHIND_END) {
            throw new IIOException("the data end before the picture does; is it truncated?");
        }
        return true;
    }
}
