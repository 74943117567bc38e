@NullMarked
package io.tributary.cli.experts;

import org.jspecify.annotations.NullMarked;
