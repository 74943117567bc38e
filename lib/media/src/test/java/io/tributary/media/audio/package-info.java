@NullMarked
package io.tributary.media.audio;

import org.jspecify.annotations.NullMarked;
