@NullMarked
package io.tributary.chaos;

import org.jspecify.annotations.NullMarked;
