package io.tributary.media.image;

/** Filters of a resize, with the numbers that Pillow gives them and preprocessor_config.json names. */
public enum Resampling {
    /** Weights of Keys with a = -1/2 over two pixels. */
    BICUBIC(3, 2) {
        @Override
        double weight(double distance) {
            double x = Math.abs(distance);
            if (x < 1) {
                return ((KEYS + 2) * x - (KEYS + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * KEYS : 0;
        }
    },
    /** A triangle over one pixel. */
    BILINEAR(2, 1) {
        @Override
        double weight(double distance) {
            return Math.max(0, 1 - Math.abs(distance));
        }
    },
    /** A windowed sinc over three pixels. */
    LANCZOS(1, 3) {
        @Override
        double weight(double distance) {
            return distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
        }
    };

    private static final double KEYS = -0.5;

    private final int number;
    private final double support;

    Resampling(int number, double support) {
        this.number = number;
        this.support = support;
    }

    /**
     * The filter that has a number in Pillow.
     *
     * @throws InvalidPreprocessingException when it is none of these filters
     */
    static Resampling ofNumber(int number) {
        for (Resampling filter : values()) {
            if (filter.number == number) {
                return filter;
            }
        }
        throw new InvalidPreprocessingException(
                "resample", Integer.toString(number), "1 (Lanczos), 2 (bilinear) or 3 (bicubic)");
    }

    int number() {
        return number;
    }

    /** How far from its middle the filter weighs anything, in pixels of the larger of both pictures. */
    double support() {
        return support;
    }

    /** The weight of a pixel, before all of them are divided by their sum. */
    abstract double weight(double distance);

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
}
