package io.tributary.bench.machine;

/**
 * What the machine reached at one moment.
 *
 * @param readRate bytes a second that all threads together read from memory
 * @param arithmeticRate float32 operations a second of all threads together, a multiply-add counted as two
 */
public record MachineLimits(double readRate, double arithmeticRate) {}
