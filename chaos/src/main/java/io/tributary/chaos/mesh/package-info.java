/** The processes under test: started, killed, paused, started again, and looked at from outside. */
@NullMarked
package io.tributary.chaos.mesh;

import org.jspecify.annotations.NullMarked;
