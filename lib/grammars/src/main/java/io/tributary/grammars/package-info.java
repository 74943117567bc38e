/**
 * What an answer may be: JSON schemas, regular expressions and grammars, compiled to masks over a vocabulary's tokens.
 */
@NullMarked
package io.tributary.grammars;

import org.jspecify.annotations.NullMarked;
