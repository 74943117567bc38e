package io.tributary.media.image;

/** A rectangle of pixels; width and height are at least 1. */
record Region(int left, int top, int width, int height) {}
