@NullMarked
package io.tributary.models.speech;

import org.jspecify.annotations.NullMarked;
