package io.tributary.models.sampling;

/** Every token that the model allows would repeat an n-gram of the sequence, which the parameters forbid. */
public final class NoTokenLeftException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoTokenLeftException(int noRepeatNgramSize, long position) {
        super("no_repeat_ngram_size is " + noRepeatNgramSize + ", which rules out every token at position " + position
                + "; 0 rules out none, a larger size fewer");
    }
}
