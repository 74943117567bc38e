package io.tributary.chaos.fault;

import java.time.Duration;

/**
 * One fault of a schedule.
 *
 * @param number 0-based
 * @param kind what is done
 * @param settle how long the mesh is left alone before, after it has recovered from the fault before
 * @param outage how long the process is gone or stands still
 * @param choice any number from 0 on: chooses among those that it can be done to
 */
public record Fault(int number, FaultKind kind, Duration settle, Duration outage, int choice) {}
