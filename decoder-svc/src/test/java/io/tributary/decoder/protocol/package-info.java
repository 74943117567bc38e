/**
 * An exhaustive model of the recovery protocol of {@code docs/recovery.md}: all orders of what shards, log, group and
 * gateway do, with a bounded number of faults. {@code docs/recovery-model.md} says what it covers and what it found.
 */
@NullMarked
package io.tributary.decoder.protocol;

import org.jspecify.annotations.NullMarked;
