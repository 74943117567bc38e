package io.tributary.media.image;

/**
 * What the components of a JPEG file mean, and libjpeg's integer arithmetic that makes red, green and blue of them
 * (jdcolor.c), with Pillow's rule for CMYK: inverted in the file, as Adobe's programs write it.
 */
enum JpegColour implements Samples.Colour {
    GREY {
        @Override
        public void write(int[] samples, int at, byte[] rgb, int offset) {
            Samples.grey(samples, at, rgb, offset);
        }
    },
    RGB {
        @Override
        public void write(int[] samples, int at, byte[] rgb, int offset) {
            Samples.rgb(samples, at, rgb, offset);
        }
    },
    YCBCR {
        @Override
        public void write(int[] samples, int at, byte[] rgb, int offset) {
            int y = samples[at];
            int cb = samples[at + 1] - 128;
            int cr = samples[at + 2] - 128;
            rgb[offset] = (byte) clamp(red(y, cr));
            rgb[offset + 1] = (byte) clamp(green(y, cb, cr));
            rgb[offset + 2] = (byte) clamp(blue(y, cb));
        }
    },
    CMYK {
        @Override
        public void write(int[] samples, int at, byte[] rgb, int offset) {
            int black = samples[at + 3];
            rgb[offset] = (byte) inked(samples[at], black);
            rgb[offset + 1] = (byte) inked(samples[at + 1], black);
            rgb[offset + 2] = (byte) inked(samples[at + 2], black);
        }
    },
    YCCK {
        @Override
        public void write(int[] samples, int at, byte[] rgb, int offset) {
            int y = samples[at];
            int cb = samples[at + 1] - 128;
            int cr = samples[at + 2] - 128;
            int black = samples[at + 3];
            rgb[offset] = (byte) inked(clamp(255 - red(y, cr)), black);
            rgb[offset + 1] = (byte) inked(clamp(255 - green(y, cb, cr)), black);
            rgb[offset + 2] = (byte) inked(clamp(255 - blue(y, cb)), black);
        }
    };

    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    private static final int CR_TO_RED = fixed(1.40200);
    private static final int CB_TO_BLUE = fixed(1.77200);
    private static final int CR_TO_GREEN = fixed(0.71414);
    private static final int CB_TO_GREEN = fixed(0.34414);

    private static int fixed(double factor) {
        return (int) (factor * (1 << FRACTION_BITS) + 0.5);
    }

    private static int red(int y, int cr) {
        return y + ((CR_TO_RED * cr + HALF) >> FRACTION_BITS);
    }

    private static int green(int y, int cb, int cr) {
        return y + ((HALF - CB_TO_GREEN * cb - CR_TO_GREEN * cr) >> FRACTION_BITS);
    }

    private static int blue(int y, int cb) {
        return y + ((CB_TO_BLUE * cb + HALF) >> FRACTION_BITS);
    }

    private static int clamp(int sample) {
        return Math.clamp(sample, 0, 255);
    }

    /**
     * What is left of white under one ink and black, in Pillow's rounding.
     *
     * @param ink as in the file: 255 is none
     * @param black as in the file: 255 is none
     */
    private static int inked(int ink, int black) {
        int product = (255 - ink) * black + 128;
        return clamp(black - (((product >> 8) + product) >> 8));
    }
}
