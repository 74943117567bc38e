/** What it costs to keep an answer within a grammar: the masks of a decode step. */
@NullMarked
package io.tributary.bench.grammar;

import org.jspecify.annotations.NullMarked;
