package io.tributary.bench.encoder;

import java.util.Locale;

/**
 * How long one batch took both ways.
 *
 * @param threads that computed
 * @param texts in the batch
 * @param tokens of each text
 * @param ours median over the rounds, milliseconds a batch
 * @param peers of ONNX Runtime
 */
record EncoderRate(int threads, int texts, int tokens, double ours, double peers) {

    static String heading() {
        return "%7s %6s %7s %14s %14s %7s"
                .formatted("threads", "texts", "tokens", "tributary, ms", "ONNX RT, ms", "ratio");
    }

    String row() {
        return String.format(
                Locale.ROOT, "%7d %6d %7d %14.2f %14.2f %7.2f", threads, texts, tokens, ours, peers, peers / ours);
    }
}
