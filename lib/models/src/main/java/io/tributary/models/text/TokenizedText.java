package io.tributary.models.text;

/**
 * A text as an encoder sees it.
 *
 * @param ids of its tokens, special ones included; not copied
 * @param secondSegment the position at which a second text begins, which the first one is compared with; the number of tokens if
 *     there is only one
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once, never compared.
public record TokenizedText(int[] ids, int secondSegment) {

    /** One text. */
    public static TokenizedText of(int... ids) {
        return new TokenizedText(ids, ids.length);
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }
}
