package io.tributary.media.audio;

/**
 * The header of a FLAC frame (RFC 9639, section 9.1).
 *
 * @param blockSize samples of one channel, 1 to 65536
 * @param assignment 0 to 7: that many channels and one more, each for itself; then left and side, side and right, mid and
 *     side
 */
record FlacFrameHeader(int blockSize, int assignment) {
    static final int LEFT_SIDE = 8;
    static final int SIDE_RIGHT = 9;
    static final int MID_SIDE = 10;

    private static final int SYNC = 0x3FFE;
    private static final int[] RATES = {
        88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000
    };
    /** Bits of a sample by code; 0 stands for those of the stream, -1 for none. */
    private static final int[] BITS = {0, 8, 12, -1, 16, 20, 24, 32};

    static FlacFrameHeader read(FlacBits in, byte[] file, FlacStreamInfo stream) {
        int start = in.position();
        if (in.unsigned(14) != SYNC || in.unsigned(1) != 0) {
            throw fault("there is no frame at byte " + start);
        }
        in.unsigned(1);
        int blockCode = (int) in.unsigned(4);
        int rateCode = (int) in.unsigned(4);
        int assignment = (int) in.unsigned(4);
        int bitsCode = (int) in.unsigned(3);
        if (in.unsigned(1) != 0) {
            throw fault("the frame at byte " + start + " has a reserved bit set");
        }
        skipNumber(in, start);
        int blockSize = blockSize(in, blockCode, start);
        int rate = rate(in, rateCode, stream, start);
        int end = in.position();
        if (in.unsigned(Byte.SIZE) != FlacChecksum.ofHeader(file, start, end)) {
            throw fault("the header of the frame at byte " + start + " does not match its checksum");
        }
        int bits = BITS[bitsCode] == 0 ? stream.bits() : BITS[bitsCode];
        int channels = assignment < LEFT_SIDE ? assignment + 1 : 2;
        if (assignment > MID_SIDE
                || rate != stream.sampleRate()
                || bits != stream.bits()
                || channels != stream.channels()) {
            throw fault("the frame at byte " + start + " is not of the form that the file's header says: "
                    + stream.channels() + " channels of " + stream.bits() + " bits at " + stream.sampleRate() + " Hz");
        }
        if (blockSize > stream.maximalBlock()) {
            throw fault("the frame at byte " + start + " has " + blockSize
                    + " samples where the file's header says at most " + stream.maximalBlock());
        }
        return new FlacFrameHeader(blockSize, assignment);
    }

    /** Reads the number of the frame or sample, in the manner of UTF-8 with up to 36 bits, which nothing here needs. */
    private static void skipNumber(FlacBits in, int start) {
        int first = (int) in.unsigned(Byte.SIZE);
        int ones = Integer.numberOfLeadingZeros(~(first << 24));
        if (ones == 1 || ones > 7) {
            throw fault("the number of the frame at byte " + start + " is not well formed");
        }
        for (int i = 1; i < ones; i++) {
            if (in.unsigned(Byte.SIZE) >>> 6 != 0b10) {
                throw fault("the number of the frame at byte " + start + " is not well formed");
            }
        }
    }

    private static int blockSize(FlacBits in, int code, int start) {
        return switch (code) {
            case 0 -> throw fault("the frame at byte " + start + " has a reserved block size");
            case 1 -> 192;
            case 2, 3, 4, 5 -> 144 << code;
            case 6 -> (int) in.unsigned(8) + 1;
            case 7 -> (int) in.unsigned(16) + 1;
            default -> 1 << code;
        };
    }

    private static int rate(FlacBits in, int code, FlacStreamInfo stream, int start) {
        return switch (code) {
            case 0 -> stream.sampleRate();
            case 12 -> (int) in.unsigned(8) * 1000;
            case 13 -> (int) in.unsigned(16);
            case 14 -> (int) in.unsigned(16) * 10;
            case 15 -> throw fault("the frame at byte " + start + " has a forbidden sample rate");
            default -> RATES[code - 1];
        };
    }

    private static MalformedAudioException fault(String text) {
        return new MalformedAudioException(FlacBits.NAME, text);
    }
}
