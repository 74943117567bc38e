package io.tributary.bench.encoder;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tributary.bench.BenchException;
import io.tributary.checkpoints.OnnxCheckpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.architecture.BertArchitecture;
import io.tributary.models.packing.PackingCache;
import io.tributary.models.text.Pooling;
import io.tributary.models.text.TextEncoder;
import io.tributary.models.text.TokenizedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Encodes random tokens with our encoder and with ONNX Runtime, by turns, so that both see the same machine. Ours pools too;
 * ONNX Runtime gives the hidden states, which are the same for both within its rounding.
 */
final class EncoderBenchmark implements AutoCloseable {
    private static final int WARMUPS = 4;
    private static final int ROUNDS = 7;
    /** No round is shorter, so that the clock and single pauses matter little. */
    private static final long LEAST_NANOSECONDS = 200_000_000;

    private static final float TOLERANCE = 1e-3f;
    private static final Pooling MEAN = new Pooling(Pooling.Form.MEAN, false);

    private final int threads;
    private final OnnxCheckpoint checkpoint;
    private final WorkPool pool;
    private final TextEncoder encoder;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    /** @throws BenchException when one of the two cannot load the model */
    EncoderBenchmark(Path model, int threads) {
        this.threads = threads;
        checkpoint = OnnxCheckpoint.open(model);
        pool = new WorkPool(threads);
        encoder = new TextEncoder(
                checkpoint,
                BertArchitecture.read(checkpoint),
                MEAN,
                pool,
                new EncoderLimits(8192, 256),
                PackingCache.off());
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            session = environment.createSession(model.toString(), options);
        } catch (OrtException failure) {
            throw new BenchException("ONNX Runtime cannot load " + model, failure);
        }
    }

    /** Measures batches of so many texts of so many tokens. */
    EncoderRate run(int texts, int tokens) {
        SplittableRandom random = new SplittableRandom(tokens);
        List<TokenizedText> batch = new ArrayList<>();
        for (int text = 0; text < texts; text++) {
            batch.add(TokenizedText.of(
                    random.ints(tokens, 0, encoder.vocabularySize()).toArray()));
        }
        requireSame(batch);
        double[] ours = new double[ROUNDS];
        double[] peers = new double[ROUNDS];
        for (int round = -WARMUPS; round < ROUNDS; round++) {
            double our = time(() -> encoder.encode(batch));
            double peer = time(() -> hidden(batch));
            if (round >= 0) {
                ours[round] = our;
                peers[round] = peer;
            }
        }
        return new EncoderRate(threads, texts, tokens, median(ours), median(peers));
    }

    private void requireSame(List<TokenizedText> batch) {
        FloatMatrix embeddings = encoder.encode(batch);
        float[][][] hidden = hidden(batch);
        for (int text = 0; text < batch.size(); text++) {
            for (int column = 0; column < embeddings.columns(); column++) {
                double sum = 0;
                for (float[] state : hidden[text]) {
                    sum += state[column];
                }
                double mean = sum / hidden[text].length;
                if (!(Math.abs(mean - embeddings.get(text, column)) <= TOLERANCE)) {
                    throw new BenchException("text " + text + " has the embedding " + embeddings.get(text, column)
                            + " at " + column + " where ONNX Runtime has " + mean);
                }
            }
        }
    }

    private float[][][] hidden(List<TokenizedText> batch) {
        long[][] ids = batch.stream()
                .map(text -> Arrays.stream(text.ids()).asLongStream().toArray())
                .toArray(long[][]::new);
        long[][] ones = new long[ids.length][ids[0].length];
        for (long[] row : ones) {
            Arrays.fill(row, 1);
        }
        try (OnnxTensor tokens = OnnxTensor.createTensor(environment, ids);
                OnnxTensor mask = OnnxTensor.createTensor(environment, ones);
                OnnxTensor segments = OnnxTensor.createTensor(environment, new long[ids.length][ids[0].length]);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", tokens, "attention_mask", mask, "token_type_ids", segments))) {
            return (float[][][]) result.get(0).getValue();
        } catch (OrtException failure) {
            throw new BenchException("ONNX Runtime failed", failure);
        }
    }

    /** Milliseconds of one call, from as many as fill a round. */
    private static double time(Runnable call) {
        int count = 0;
        long start = System.nanoTime();
        long elapsed;
        do {
            call.run();
            count++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < LEAST_NANOSECONDS);
        return elapsed / 1e6 / count;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException failure) {
            throw new BenchException("ONNX Runtime cannot close its session", failure);
        }
        encoder.close();
        pool.close();
        checkpoint.close();
    }
}
