@NullMarked
package io.tributary.models.contrastive;

import org.jspecify.annotations.NullMarked;
