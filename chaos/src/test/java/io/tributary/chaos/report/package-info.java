@NullMarked
package io.tributary.chaos.report;

import org.jspecify.annotations.NullMarked;
