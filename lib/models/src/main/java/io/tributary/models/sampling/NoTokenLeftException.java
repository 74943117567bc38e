package io.tributary.models.sampling;

/** What the parameters and the constraint of a session rule out leaves no token to go on with. */
public final class NoTokenLeftException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NoTokenLeftException(String message) {
        super(message);
    }

    /** No token of the vocabulary that the model gives a probability goes on with a text of the required form. */
    static NoTokenLeftException byConstraint(int vocabulary, long position) {
        return new NoTokenLeftException("the constraint rules out all " + vocabulary
                + " tokens of the vocabulary at position " + position
                + "; the vocabulary has no token with which a text of that form goes on");
    }

    /** Every token that is left would repeat an n-gram of the sequence. */
    static NoTokenLeftException byNgrams(int noRepeatNgramSize, boolean constrained, long position) {
        return new NoTokenLeftException("no_repeat_ngram_size is " + noRepeatNgramSize
                + ", which rules out every token "
                + (constrained ? "that the constraint allows " : "")
                + "at position " + position + "; 0 rules out none, a larger size fewer");
    }
}
