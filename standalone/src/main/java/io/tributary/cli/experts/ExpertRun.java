package io.tributary.cli.experts;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.cli.CommandFailedException;
import io.tributary.cli.WrongUsageException;
import io.tributary.kernels.KernelPath;
import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.DecoderStage;
import io.tributary.models.KeyValueBudget;
import io.tributary.models.StageRange;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.tokenizers.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A model that continues a prompt, each time with the likeliest token, while it is watched which experts it uses. */
final class ExpertRun {
    /** Of prompt and continuation: beyond that, columns of a picture could not be told apart. */
    static final int MOST_TOKENS = 512;

    private static final int LONGEST_PROMPT_BYTES = 1 << 20;

    private ExpertRun() {}

    /**
     * Runs the model here, without services around it.
     *
     * @param maximalNew tokens to generate at most; fewer if the text ends
     * @throws CommandFailedException if the model has no experts, or the tokens are too many
     * @throws WrongUsageException if the prompt has no token
     */
    static ExpertUse of(Path model, String prompt, int maximalNew) {
        KernelPath.warning().ifPresent(System.err::println);
        try (Checkpoint checkpoint = Checkpoint.open(model);
                WorkPool pool = new WorkPool(Runtime.getRuntime().availableProcessors())) {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            requireExperts(checkpoint, architecture);
            try (Tokenizer tokenizer = Tokenizer.open(model, LONGEST_PROMPT_BYTES)) {
                int[] ids = tokenizer.encode(prompt, true);
                requireRoom(ids.length, maximalNew, architecture.contextLength());
                GreedyText text = run(checkpoint, architecture, pool, ids, maximalNew);
                List<UsedToken> tokens = Arrays.stream(text.tokens())
                        .mapToObj(id -> UsedToken.of(id, tokenizer.piece(id)))
                        .toList();
                return new ExpertUse(checkpoint.name(), tokens, ids.length, text.layers());
            }
        }
    }

    private static void requireExperts(Checkpoint checkpoint, Architecture architecture) {
        if (architecture.layers().stream().noneMatch(layer -> layer.channelMixing() instanceof MixtureOfExperts)) {
            throw new CommandFailedException(
                    checkpoint.name()
                            + " has no experts: each of its layers is one network that all tokens go through; choose a mixture of experts");
        }
    }

    private static void requireRoom(int prompt, int maximalNew, int contextLength) {
        if (prompt == 0) {
            throw new WrongUsageException("--prompt is empty, and the model has no token that begins a text");
        }
        int most = Math.min(contextLength, MOST_TOKENS);
        if (prompt + (long) maximalNew > most) {
            throw new CommandFailedException(
                    "the prompt has %d tokens and --max-tokens is %d; together they may be %d, %s"
                            .formatted(
                                    prompt,
                                    maximalNew,
                                    most,
                                    most == MOST_TOKENS
                                            ? "as many as a picture can show"
                                            : "the context of the model"));
        }
    }

    private static GreedyText run(
            Checkpoint checkpoint, Architecture architecture, WorkPool pool, int[] prompt, int maximalNew) {
        int positions = prompt.length + maximalNew;
        int stored = Math.ceilDiv(positions, KeyValueLayout.PAGE_POSITIONS) * KeyValueLayout.PAGE_POSITIONS;
        KeyValueBudget keyValues =
                new KeyValueBudget(stored * architecture.keyValueBytesPerPosition(KeyValueType.F32), KeyValueType.F32);
        StageRange whole = StageRange.of(0, 1, architecture.layers().size());
        try (DecoderStage stage = DecoderStage.load(checkpoint, architecture, whole, pool, keyValues)) {
            return GreedyText.generate(stage, prompt, maximalNew);
        }
    }
}
