@NullMarked
package io.tributary.media.image;

import org.jspecify.annotations.NullMarked;
