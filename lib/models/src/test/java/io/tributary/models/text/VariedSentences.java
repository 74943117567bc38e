package io.tributary.models.text;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Seeded texts of several languages, of all lengths from empty to longer than a model takes. */
final class VariedSentences {
    private static final List<String[]> WORDS = List.of(
            "the river carries small boats and a long letter about winter to the old harbour".split(" "),
            "Der Zähler läuft seit gestern über die Straße nach München ohne Größe".split(" "),
            "Le garçon a déjà mangé la crème brûlée près de l'hôtel où naïve été".split(" "),
            "река несёт лодки зимой мимо старого города и молчит".split(" "),
            "今日 は 天気 が いい です 東京 まで 電車 で 行く".split(" "),
            "السفينة الصغيرة تحمل رسالة طويلة إلى الميناء القديم".split(" "),
            "def return None import numpy x[i] == 0 && y != 1; // comment #include <stdio.h>".split(" "),
            "3.14159 -42 1e-9 2024-11-27 50% $19.99 0x7f 1,000,000".split(" "),
            "🙂 🚀 👩‍👩‍👧 naïve café — “quoted” … ½ ﬁne ＡＢＣ ​ x\u0301".split(" "),
            "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis xqzvkjw".split(" "));
    private static final String[] JOINTS = {" ", " ", " ", ", ", ". ", "\n", "-", "  "};

    private VariedSentences() {}

    static List<String> of(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> sentences = new ArrayList<>();
        sentences.add("");
        while (sentences.size() < count) {
            sentences.add(sentence(random));
        }
        return sentences;
    }

    private static String sentence(SplittableRandom random) {
        // Mostly short, some far beyond the limit.
        int words = 1 + (int) Math.pow(random.nextDouble() * 5, 3.2);
        String[] language = WORDS.get(random.nextInt(WORDS.size()));
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < words; word++) {
            String[] source = random.nextInt(4) == 0 ? WORDS.get(random.nextInt(WORDS.size())) : language;
            text.append(source[random.nextInt(source.length)]).append(JOINTS[random.nextInt(JOINTS.length)]);
        }
        return text.toString();
    }
}
