package io.tributary.grammars;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of a grammar while it is read: named expressions that may call one another. */
final class Rules {
    static final int MAX_RULES = 20_000;

    private final List<String> names = new ArrayList<>();
    private final List<@Nullable Expression> bodies = new ArrayList<>();

    /** The number of a new rule, which can be called before it is defined. */
    int declare(String name) {
        if (names.size() == MAX_RULES) {
            throw new InvalidGrammarException("the grammar needs more than " + MAX_RULES + " rules; make it smaller");
        }
        names.add(name);
        bodies.add(null);
        return names.size() - 1;
    }

    void define(int rule, Expression body) {
        bodies.set(rule, body);
    }

    /** A call of a new rule with this body. */
    Expression share(String name, Expression body) {
        int rule = declare(name);
        define(rule, body);
        return new Expression.Call(rule);
    }

    int count() {
        return names.size();
    }

    String name(int rule) {
        return names.get(rule);
    }

    Expression body(int rule) {
        Expression body = bodies.get(rule);
        if (body == null) {
            throw new IllegalStateException("rule " + names.get(rule) + " is declared but not defined");
        }
        return body;
    }
}
