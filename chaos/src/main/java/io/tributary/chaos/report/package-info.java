/** What a run found, as a table and as JSON. */
@NullMarked
package io.tributary.chaos.report;

import org.jspecify.annotations.NullMarked;
