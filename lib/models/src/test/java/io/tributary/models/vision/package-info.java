@NullMarked
package io.tributary.models.vision;

import org.jspecify.annotations.NullMarked;
