package io.tributary.cli.experts;

import io.tributary.cli.CommandFailedException;
import io.tributary.cli.WrongUsageException;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Where a picture goes: a PNG or an SVG file, by its name.
 *
 * @param path of the file
 * @param format what it will hold
 */
record PictureFile(Path path, Format format) {
    private static final String SVG = "http://www.w3.org/2000/svg";
    /** Of the picture as it is laid out; a PNG takes 4 bytes of memory for each. */
    private static final long MOST_PIXELS = 100_000_000;
    /** Up to here a PNG has two pixels for each of the layout, for sharp type. */
    private static final long SHARP_PIXELS = 8_000_000;

    enum Format {
        PNG,
        SVG
    }

    /**
     * Finds out at once whether a picture can be written there, not only when it is there.
     *
     * @throws WrongUsageException if the name says no format, or there is no such directory
     */
    static PictureFile of(Path path) {
        String name =
                path.getFileName() == null ? "" : path.getFileName().toString().toLowerCase(Locale.ROOT);
        Path directory = path.toAbsolutePath().getParent();
        if (!name.endsWith(".png") && !name.endsWith(".svg")) {
            throw new WrongUsageException(
                    "--out is " + path + "; a picture's name ends with .svg or .png, which says what is written");
        }
        if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(path)) {
            throw new WrongUsageException("--out is " + path + "; it must be a file in a directory that exists");
        }
        return new PictureFile(path, name.endsWith(".png") ? Format.PNG : Format.SVG);
    }

    /**
     * Writes the picture; replaces a file.
     *
     * @throws CommandFailedException if it would be too large, or cannot be written
     */
    void write(ExpertPicture picture) {
        PictureLayout layout = picture.layout();
        if ((long) layout.width() * layout.height() > MOST_PIXELS) {
            throw new CommandFailedException(
                    "the picture would have %d x %d pixels; at most %d are drawn: a shorter prompt or --max-tokens makes it smaller"
                            .formatted(layout.width(), layout.height(), MOST_PIXELS));
        }
        try {
            switch (format) {
                case PNG -> writePixels(picture);
                case SVG -> writeShapes(picture);
            }
        } catch (IOException failure) {
            throw new CommandFailedException(path + " cannot be written: " + failure);
        }
    }

    private void writePixels(ExpertPicture picture) throws IOException {
        PictureLayout layout = picture.layout();
        int scale = (long) layout.width() * layout.height() <= SHARP_PIXELS ? 2 : 1;
        BufferedImage image =
                new BufferedImage(scale * layout.width(), scale * layout.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(scale, scale);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        picture.draw(graphics);
        graphics.dispose();
        if (!ImageIO.write(image, "png", path.toFile())) {
            throw new IOException("this Java has no writer of PNG files");
        }
    }

    private void writeShapes(ExpertPicture picture) throws IOException {
        PictureLayout layout = picture.layout();
        Document document = document();
        SVGGraphics2D graphics = new SVGGraphics2D(document);
        graphics.setSVGCanvasSize(new Dimension(layout.width(), layout.height()));
        picture.draw(graphics);
        Element root = graphics.getRoot();
        root.setAttribute("viewBox", "0 0 %d %d".formatted(layout.width(), layout.height()));
        Element title = document.createElementNS(SVG, "title");
        title.setTextContent(picture.title());
        root.insertBefore(title, root.getFirstChild());
        try (BufferedWriter writer = Files.newBufferedWriter(path)) {
            graphics.stream(root, writer, false, false);
        }
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException unexpected) {
            throw new IllegalStateException("this Java has no XML documents", unexpected);
        }
    }
}
