package io.tributary.cli.experts;

/**
 * Where the parts of a picture are, in pixels from its upper left corner. Under the heading lies a band for each layer: a map of experts and
 * tokens, bars of load, a map of pairs, numbers. The more there is to show the smaller are the cells.
 *
 * @param tokens columns of the maps
 * @param experts rows of a band
 * @param bands number of layers
 * @param cellWidth of a column
 * @param cellHeight of a row
 * @param pairs whether there are maps of pairs
 */
record PictureLayout(int tokens, int experts, int bands, int cellWidth, int cellHeight, boolean pairs) {
    static final int MARGIN = 16;
    static final int LOAD_WIDTH = 72;
    /** Room for the text of a token, rotated. */
    static final int TOKEN_LABELS = 84;

    private static final int LINE_LABELS = 92;
    private static final int GAP = 14;
    private static final int NUMBERS_WIDTH = 170;
    private static final int LEAST_PAIRS_WIDTH = 64;
    private static final int LEAST_WIDTH = 760;
    /** Title, what was run, legends. */
    private static final int HEADING = 116;

    private static final int COLUMN_TITLES = 34;
    private static final int LABEL_TITLE = 14;
    /** From here on the tokens stand above the bands too, since the axis below them may be out of sight. */
    private static final int TALL = 800;

    private static final int LEAST_BAND = 64;
    private static final int BAND = 320;
    private static final int BANDS_IN_ALL = 2_400;
    private static final int TOKENS_IN_ALL = 1_600;
    private static final int MOST_GROUPS = 32;

    /** The layout for what there is to show. */
    static PictureLayout of(ExpertUse use) {
        int tokens = use.tokens().size();
        int experts = use.experts();
        int bands = use.layers().size();
        int height = Math.clamp(Math.min(BANDS_IN_ALL / bands, BAND) / experts, 2, 12);
        int width = Math.clamp(TOKENS_IN_ALL / tokens, 5, 16);
        return new PictureLayout(
                tokens, experts, bands, width, Math.max(height, Math.ceilDiv(LEAST_BAND, experts)), use.hasPairs());
    }

    int mapLeft() {
        return MARGIN + LINE_LABELS;
    }

    int mapRight() {
        return mapLeft() + tokens * cellWidth;
    }

    int loadLeft() {
        return mapRight() + GAP;
    }

    int pairsLeft() {
        return loadLeft() + LOAD_WIDTH + GAP;
    }

    int numbersLeft() {
        return pairs ? pairsLeft() + Math.max(LEAST_PAIRS_WIDTH, bandHeight()) + GAP : pairsLeft();
    }

    int width() {
        return Math.max(LEAST_WIDTH, numbersLeft() + NUMBERS_WIDTH + MARGIN);
    }

    int bandHeight() {
        return experts * cellHeight;
    }

    /** Where the first band begins. */
    int bandsTop() {
        return HEADING + (labelsAbove() ? TOKEN_LABELS + LABEL_TITLE : COLUMN_TITLES);
    }

    int bandTop(int band) {
        return bandsTop() + band * (bandHeight() + GAP);
    }

    /** Where the last band ends. */
    int bandsBottom() {
        return bandTop(bands - 1) + bandHeight();
    }

    int height() {
        return bandsBottom() + TOKEN_LABELS + MARGIN;
    }

    boolean labelsAbove() {
        return bands * (bandHeight() + GAP) > TALL;
    }

    /** Every how many tokens one is labelled, so that labels do not touch. */
    int labelledTokens() {
        return Math.ceilDiv(10, cellWidth);
    }

    /** Every how many experts one is labelled. */
    int labelledExperts() {
        int step = 1;
        while (step * cellHeight < 9) {
            step *= 2;
        }
        return step;
    }

    /** Experts that share a row and a column of a map of pairs: with many, single pairs could not be seen. */
    int pairGroup() {
        return Math.ceilDiv(experts, MOST_GROUPS);
    }

    /** Space between cells that are large enough for it. */
    int cellGap(int extent) {
        return extent >= 7 ? 1 : 0;
    }
}
