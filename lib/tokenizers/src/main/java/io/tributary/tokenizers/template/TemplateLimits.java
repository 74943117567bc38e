package io.tributary.tokenizers.template;

/**
 * How much a template may ask for.
 *
 * @param maximalSourceCharacters length of the template
 * @param maximalSteps evaluated nodes of the syntax tree; work on long texts and lists counts as several
 * @param maximalCharacters length of the rendered text and of any text on the way to it
 */
public record TemplateLimits(int maximalSourceCharacters, long maximalSteps, int maximalCharacters) {
    /** Enough for every template that is known, and conversations of some megabytes. */
    public static final TemplateLimits DEFAULT = new TemplateLimits(1 << 18, 10_000_000, 1 << 23);

    /** How deep expressions and statements of the source may be nested. */
    static final int MAXIMAL_SOURCE_NESTING = 60;

    /** How deep the evaluation may be nested, calls of macros included. */
    static final int MAXIMAL_EVALUATION_DEPTH = 400;

    /** How deep lists and mappings may be nested. */
    static final int MAXIMAL_VALUE_DEPTH = 100;

    /** How many values one value may hold, counted wherever they appear in it. */
    static final long MAXIMAL_VALUE_WEIGHT = 10_000_000;

    /** How many JSON values the variables of one rendering may hold, the values within values included. */
    static final int MAXIMAL_JSON_VALUES = 200_000;

    /** The longest text that may be searched for in another one; far more than any separator or tag has. */
    static final int MAXIMAL_SEARCHED_CHARACTERS = 4096;

    /** The longest result of {@code range}; source: jinja2.sandbox. */
    static final int MAXIMAL_RANGE = 100_000;

    /** Checks that there is room for something. */
    public TemplateLimits {
        if (maximalSourceCharacters < 1 || maximalSteps < 1 || maximalCharacters < 1) {
            throw new IllegalArgumentException("the limits of templates must be at least 1");
        }
    }
}
