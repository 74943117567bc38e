package io.tributary.media.image;

/** Colours by number; numbers that the file gives no colour are black. */
final class Palette implements Samples.Colour {
    private static final int MOST = 256;

    private final byte[] colours = new byte[MOST * Picture.CHANNELS];

    /** @param from index of the first colour in the file, of three bytes as all that follow */
    Palette(byte[] file, int from, int length) {
        System.arraycopy(file, from, colours, 0, Math.min(length, colours.length));
    }

    /** Shades of grey: number 0 is black and 255 is white. */
    static Palette greys() {
        byte[] greys = new byte[MOST * Picture.CHANNELS];
        for (int shade = 0; shade < MOST; shade++) {
            Samples.fill((byte) shade, greys, shade * Picture.CHANNELS);
        }
        return new Palette(greys, 0, greys.length);
    }

    @Override
    public void write(int[] samples, int at, byte[] rgb, int offset) {
        System.arraycopy(colours, (samples[at] & 0xFF) * Picture.CHANNELS, rgb, offset, Picture.CHANNELS);
    }
}
