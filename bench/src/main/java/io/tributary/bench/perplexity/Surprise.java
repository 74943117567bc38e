package io.tributary.bench.perplexity;

/** How much a text surprised a model: the negative logarithms of the probabilities of its tokens, in nats. */
final class Surprise {
    private final double[] nats;

    /** @param nats one for each predicted token, at least two */
    Surprise(double[] nats) {
        this.nats = nats;
    }

    /** Predicted tokens. */
    int tokens() {
        return nats.length;
    }

    /** Of one predicted token. */
    double nats(int token) {
        return nats[token];
    }

    /** The mean of all tokens. */
    double mean() {
        double sum = 0;
        for (double value : nats) {
            sum += value;
        }
        return sum / nats.length;
    }

    /** The standard error of the mean, tokens taken as independent. */
    double standardError() {
        double mean = mean();
        double squares = 0;
        for (double value : nats) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (nats.length - 1) / nats.length);
    }

    /** The exponential of the mean. */
    double perplexity() {
        return Math.exp(mean());
    }

    /** The standard error of the perplexity, to first order. */
    double perplexityError() {
        return perplexity() * standardError();
    }

    /** By how much more each token surprised than in another run over the same text. */
    Surprise minus(Surprise other) {
        double[] differences = new double[nats.length];
        for (int token = 0; token < differences.length; token++) {
            differences[token] = nats[token] - other.nats(token);
        }
        return new Surprise(differences);
    }
}
