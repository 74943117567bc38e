/** The fault-injection suite: a mesh of real processes under load, faults on a seeded schedule, and every stream compared. */
@NullMarked
package io.tributary.chaos;

import org.jspecify.annotations.NullMarked;
