package io.tributary.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fingerprints of the bits of every kernel for a set of seeds; as a program it prints those of the kernels that its
 * own JVM chose, after the warning that there is when these are not of vectors.
 */
final class KernelFingerprints {
    private KernelFingerprints() {}

    public static void main(String[] arguments) {
        KernelPath.warning().ifPresent(System.out::println);
        of(true).forEach(System.out::println);
    }

    /** One line for each case, computed by the kernels or by the canonical reference. */
    static List<String> of(boolean kernel) {
        List<String> lines = new ArrayList<>();
        try (WorkPool pool = new WorkPool(2)) {
            for (WeightType type : WeightType.values()) {
                for (int tokens : new int[] {1, 2, 9, 23}) {
                    int unit = type.blockElements();
                    int inputs = unit == 1 ? 301 : Math.ceilDiv(288, unit) * unit;
                    MatMulCase matMul = new MatMulCase(type, 83, inputs, tokens, 11);
                    lines.add(line(matMul.toString(), kernel ? matMul.kernel(pool) : matMul.reference()));
                }
                MatMulCase longRows = new MatMulCase(type, 35, 2304, 3, 11);
                lines.add(line(longRows.toString(), kernel ? longRows.kernel(pool) : longRows.reference()));
            }
        }
        for (int headSize : new int[] {16, 33, 64}) {
            for (KeyValueType type : KeyValueType.values()) {
                AttentionCase attention = new AttentionCase(type, 2, 4, headSize, 131, 67, 2, 12);
                lines.add(line(attention.toString(), kernel ? attention.kernel() : attention.reference()));
                AttentionCase among = attention.amongAll();
                lines.add(line(among.toString(), kernel ? among.kernel() : among.reference()));
            }
        }
        for (int count : new int[] {3, 100, 512}) {
            CodebookCase search = new CodebookCase(9, count, 13, 14);
            lines.add(line(search.toString(), search.found(kernel)));
        }
        for (ConvolutionCase convolution : Conv1dTest.CASES) {
            lines.add(line(convolution.toString(), convolution.found(kernel)));
        }
        for (int channels : new int[] {5, 64, 263}) {
            ChannelNormCase norm = new ChannelNormCase(channels, 150, 15);
            lines.add(line(norm.toString(), norm.found(kernel)));
        }
        for (int columns : new int[] {5, 64, 203}) {
            addRows(lines, new RowCases(columns, 13), kernel);
        }
        return lines;
    }

    private static void addRows(List<String> lines, RowCases rows, boolean kernel) {
        lines.add(line("norm " + rows, rows.rmsNorm(kernel)));
        lines.add(line("layer norm " + rows, rows.layerNorm(kernel)));
        for (Gelu form : Gelu.values()) {
            lines.add(line("gelu " + form + " " + rows, rows.gelu(kernel, form)));
        }
        lines.add(line("swiglu " + rows, rows.swiGlu(kernel)));
        lines.add(line("add " + rows, rows.add(kernel)));
        lines.add(line("log-sum-exp " + rows, rows.logSumExp(kernel)));
        for (RopePairing pairing : RopePairing.values()) {
            lines.add(line(pairing + " " + rows, rows.rope(kernel, pairing)));
        }
    }

    private static String line(String name, float[] values) {
        return name + " " + Integer.toHexString(Arrays.hashCode(values));
    }
}
