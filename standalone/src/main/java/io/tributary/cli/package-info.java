/** The command line, and the mesh in one JVM that it embeds. */
@NullMarked
package io.tributary.cli;

import org.jspecify.annotations.NullMarked;
