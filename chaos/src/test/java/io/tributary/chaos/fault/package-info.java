@NullMarked
package io.tributary.chaos.fault;

import org.jspecify.annotations.NullMarked;
