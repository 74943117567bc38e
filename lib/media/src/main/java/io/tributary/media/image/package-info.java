/** Pictures: files to pixels, and pixels to what models of vision read. */
@NullMarked
package io.tributary.media.image;

import org.jspecify.annotations.NullMarked;
