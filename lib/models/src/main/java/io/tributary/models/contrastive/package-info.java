/** Models that embed pictures and texts in one space, such as CLIP: the embeddings of what belongs together are close. */
@NullMarked
package io.tributary.models.contrastive;

import org.jspecify.annotations.NullMarked;
