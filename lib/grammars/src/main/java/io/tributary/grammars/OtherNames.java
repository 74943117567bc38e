package io.tributary.grammars;

import io.tributary.grammars.Expression.OneOf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All names of properties but some: a name leaves the tree of those at the first character that none of them goes on
 * with.
 */
final class OtherNames {
    private static final int MAX_LENGTH = 256;

    private final TreeMap<Integer, OtherNames> children = new TreeMap<>();
    private boolean taken;

    private OtherNames() {}

    /**
     * The names that are not one of a set.
     *
     * @throws InvalidGrammarException if a name of the set is too long
     */
    static Expression than(Set<String> names, Rules rules, String place) {
        OtherNames root = new OtherNames();
        for (String name : names) {
            if (name.length() > MAX_LENGTH) {
                throw SchemaNode.errorAt(
                        place,
                        "beside other properties the names of declared ones have at most " + MAX_LENGTH
                                + " characters");
            }
            OtherNames node = root;
            for (int character : name.codePoints().toArray()) {
                node = node.children.computeIfAbsent(character, _ -> new OtherNames());
            }
            node.taken = true;
        }
        return root.expression(rules, place);
    }

    private Expression expression(Rules rules, String place) {
        List<Expression> options = new ArrayList<>();
        CharacterSet others = CharacterSet.ALL;
        for (Map.Entry<Integer, OtherNames> child : children.entrySet()) {
            CharacterSet character = CharacterSet.range(child.getKey(), child.getKey());
            others = others.minus(character);
            Expression rest = child.getValue().expression(rules, place);
            options.add(Expression.sequence(new OneOf(character), rest));
        }
        options.add(Expression.sequence(new OneOf(others), Expression.any(new OneOf(CharacterSet.ALL))));
        if (!taken) {
            options.add(Expression.EMPTY);
        }
        return Expression.choice(options);
    }
}
