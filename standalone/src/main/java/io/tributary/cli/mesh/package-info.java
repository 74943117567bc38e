/** The mesh on one machine: a broker and one process a service, started, looked at and ended. */
@NullMarked
package io.tributary.cli.mesh;

import org.jspecify.annotations.NullMarked;
