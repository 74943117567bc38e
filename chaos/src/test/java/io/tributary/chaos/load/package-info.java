@NullMarked
package io.tributary.chaos.load;

import org.jspecify.annotations.NullMarked;
