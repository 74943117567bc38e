/** Sound: files to samples, and samples at the rate that models of speech read. */
@NullMarked
package io.tributary.media.audio;

import org.jspecify.annotations.NullMarked;
