/** What is done to the mesh, when, and how long its clients notice. */
@NullMarked
package io.tributary.chaos.fault;

import org.jspecify.annotations.NullMarked;
