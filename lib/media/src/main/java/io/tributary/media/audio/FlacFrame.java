package io.tributary.media.audio;

/** Decodes one FLAC frame after the other to the same memory. */
final class FlacFrame {
    private final byte[] file;
    private final FlacBits in;
    private final FlacStreamInfo stream;
    private final FlacSubframe subframe;
    private final long[][] samples;

    FlacFrame(byte[] file, FlacBits in, FlacStreamInfo stream) {
        this.file = file;
        this.in = in;
        this.stream = stream;
        this.subframe = new FlacSubframe(in);
        this.samples = new long[stream.channels()][stream.maximalBlock()];
    }

    /** The samples of the frame that was read last, [channels][at least as many as {@link #read} said]. */
    long[][] samples() {
        return samples;
    }

    /** Reads the next frame and returns how many samples each channel has. */
    int read() {
        int start = in.position();
        FlacFrameHeader header = FlacFrameHeader.read(in, file, stream);
        int count = header.blockSize();
        for (int channel = 0; channel < samples.length; channel++) {
            int side = header.assignment() == FlacFrameHeader.SIDE_RIGHT ? 0 : 1;
            boolean wider = header.assignment() >= FlacFrameHeader.LEFT_SIDE && channel == side;
            subframe.read(samples[channel], count, wider ? stream.bits() + 1 : stream.bits());
        }
        boolean padded = in.alignToByte();
        int end = in.position();
        if (!padded || in.unsigned(Short.SIZE) != FlacChecksum.ofFrame(file, start, end)) {
            throw new MalformedAudioException(
                    FlacBits.NAME, "the frame at byte " + start + " does not match its checksum");
        }
        decorrelate(header.assignment(), count);
        if (header.assignment() >= FlacFrameHeader.LEFT_SIDE) {
            requireRange(count, start);
        }
        return count;
    }

    private void decorrelate(int assignment, int count) {
        switch (assignment) {
            case FlacFrameHeader.LEFT_SIDE -> {
                for (int i = 0; i < count; i++) {
                    samples[1][i] = samples[0][i] - samples[1][i];
                }
            }
            case FlacFrameHeader.SIDE_RIGHT -> {
                for (int i = 0; i < count; i++) {
                    samples[0][i] += samples[1][i];
                }
            }
            case FlacFrameHeader.MID_SIDE -> {
                for (int i = 0; i < count; i++) {
                    long side = samples[1][i];
                    long sum = (samples[0][i] << 1) | (side & 1);
                    samples[0][i] = (sum + side) >> 1;
                    samples[1][i] = (sum - side) >> 1;
                }
            }
            default -> {}
        }
    }

    private void requireRange(int count, int start) {
        long limit = 1L << (stream.bits() - 1);
        for (long[] channel : samples) {
            for (int i = 0; i < count; i++) {
                if (channel[i] >= limit || channel[i] < -limit) {
                    throw new MalformedAudioException(
                            FlacBits.NAME,
                            "the two channels of the frame at byte " + start + " do not give samples of "
                                    + stream.bits() + " bits");
                }
            }
        }
    }
}
