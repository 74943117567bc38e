package io.tributary.tokenizers;

import java.util.Random;

/** Seeded Unicode texts: words, runs of spaces, line ends, controls, all planes. */
final class RandomText {
    private static final String[] FRAGMENTS = {
        "the", " the", "In the beginning", "  ", "       ", "\n", "\r\n", "\t", "123", "4567", "'s", "I'll", "é",
                "e\u0301",
        "日本語", "Привет", "🦙", "👩‍👩‍👧", "<", ">", "<|endoftext|>", "</s>", "<s>", "<eos>", "<unk>", "<0x0A>",
                "\u00A0", "\u3000",
        "\0", "\uFEFF", "\uFFFD"
    };

    private final Random random;

    RandomText(long seed) {
        random = new Random(seed);
    }

    /** A text of up to 40 fragments, without U+2581, which SentencePiece cannot tell from a space. */
    String next() {
        StringBuilder text = new StringBuilder();
        int fragments = random.nextInt(40);
        for (int count = 0; count < fragments; count++) {
            if (random.nextInt(3) == 0) {
                text.appendCodePoint(codePoint());
            } else {
                text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            }
        }
        return text.toString();
    }

    private int codePoint() {
        while (true) {
            int limit = random.nextInt(4) == 0 ? Character.MAX_CODE_POINT + 1 : 0x3000;
            int codePoint = random.nextInt(limit);
            boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            if (!surrogate && codePoint != PieceForm.ESCAPED_SPACE) {
                return codePoint;
            }
        }
    }
}
