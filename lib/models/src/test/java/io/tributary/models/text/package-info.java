@NullMarked
package io.tributary.models.text;

import org.jspecify.annotations.NullMarked;
