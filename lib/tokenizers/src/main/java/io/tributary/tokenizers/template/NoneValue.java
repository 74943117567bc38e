package io.tributary.tokenizers.template;

/** {@code None}. */
enum NoneValue implements Value {
    NONE;

    @Override
    public boolean truth() {
        return false;
    }

    @Override
    public String type() {
        return "NoneType";
    }
}
