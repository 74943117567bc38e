@NullMarked
package io.tributary.chaos.mesh;

import org.jspecify.annotations.NullMarked;
