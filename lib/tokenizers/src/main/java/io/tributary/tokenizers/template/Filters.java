package io.tributary.tokenizers.template;

import java.util.Map;
import java.util.stream.Stream;

/** The filters. Source of their arguments and results: jinja2.filters, and Hugging Face's own {@code tojson}. */
final class Filters {
    static final Map<String, Builtin> BY_NAME = Builtin.byName(
            Stream.of(TextFilters.all(), NumberFilters.all(), SequenceFilters.all(), SelectionFilters.all())
                    .flatMap(each -> each));

    private Filters() {}
}
