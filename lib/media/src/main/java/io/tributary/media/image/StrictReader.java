package io.tributary.media.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads the samples of a file with one reader, looked up once. What the reader would only warn of is an error: after most
 * warnings a part of the picture is missing.
 */
final class StrictReader {
    static final StrictReader PNG = new StrictReader(ImageFormat.PNG, ofJdk("png"));
    static final StrictReader JPEG = new StrictReader(ImageFormat.JPEG, ofJdk("jpeg"));
    static final StrictReader GIF = new StrictReader(ImageFormat.GIF, ofJdk("gif"));
    static final StrictReader WEBP = new StrictReader(ImageFormat.WEBP, new WebPImageReaderSpi());

    /** What libjpeg says of bytes between segments, after which nothing is missing. */
    private static final String HARMLESS = "extraneous bytes before marker";

    private final ImageFormat format;
    private final ImageReaderSpi provider;

    private StrictReader(ImageFormat format, ImageReaderSpi provider) {
        this.format = format;
        this.provider = provider;
    }

    /** Other providers on the class path must not come in between. */
    private static ImageReaderSpi ofJdk(String name) {
        Iterator<ImageReaderSpi> found = IIORegistry.getDefaultInstance()
                .getServiceProviders(
                        ImageReaderSpi.class,
                        provider -> provider.getClass().getModule().equals(ImageIO.class.getModule())
                                && Arrays.asList(((ImageReaderSpi) provider).getFormatNames())
                                        .contains(name),
                        false);
        if (!found.hasNext()) {
            throw new IllegalStateException("this Java has no reader for " + name + " pictures; its module java.desktop"
                    + " must be a whole one");
        }
        return found.next();
    }

    /** The samples as they are in the file, without conversion of colours where the reader can leave it out. */
    Raster samples(byte[] file) {
        return read(
                file,
                (reader, rows) -> reader.canReadRaster()
                        ? reader.readRaster(0, null)
                        : reader.read(0).getRaster());
    }

    /** As {@link #samples}, for a reader that ends without a word when rows are missing. */
    Raster samplesOfAllRows(byte[] file, int height) {
        return read(file, (reader, rows) -> {
            reader.addIIOReadUpdateListener(rows);
            BufferedImage image = reader.read(0);
            if (rows.count() != height) {
                throw new MalformedImageException(
                        format, "its data ends after " + rows.count() + " of " + height + " rows; is it truncated?");
            }
            return image.getRaster();
        });
    }

    private Raster read(byte[] file, Reading reading) {
        try (ImageInputStream stream = new FileStream(file)) {
            ImageReader reader = provider.createReaderInstance();
            try {
                reader.addIIOReadWarningListener((source, warning) -> refuse(warning));
                reader.setInput(stream, true, true);
                return reading.samples(reader, new RowCounter());
            } finally {
                reader.dispose();
            }
        } catch (ImageException known) {
            throw known;
        } catch (IOException | RuntimeException cause) {
            throw new MalformedImageException(format, "its reader says: " + cause.getMessage(), cause);
        }
    }

    private void refuse(String warning) {
        if (!warning.contains(HARMLESS)) {
            throw new MalformedImageException(format, warning);
        }
    }

    @FunctionalInterface
    private interface Reading {
        Raster samples(ImageReader reader, RowCounter rows) throws IOException;
    }
}
