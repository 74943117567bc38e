package io.tributary.grammars;

import io.tributary.grammars.Expression.OneOf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All names of properties but some: a name leaves the tree of those at the first character that none of them goes on
 * with.
 */
final class OtherNames {
    private static final int MAX_LENGTH = 256;
    private static final int MAX_NODES = 10_000;
    private static final Expression ANYTHING = Expression.any(new OneOf(CharacterSet.ALL));

    private final TreeMap<Integer, OtherNames> children = new TreeMap<>();
    private boolean taken;

    private OtherNames() {}

    /**
     * The names that are not one of a set.
     *
     * @param place of the schema, for messages
     * @throws InvalidGrammarException if a name of the set is too long, or the names differ in too much
     */
    static Expression than(Set<String> names, String place) {
        OtherNames root = new OtherNames();
        int nodes = 1;
        for (String name : names) {
            if (name.length() > MAX_LENGTH) {
                throw SchemaNode.errorAt(
                        place,
                        "beside other properties the names of declared ones have at most " + MAX_LENGTH
                                + " characters");
            }
            OtherNames node = root;
            for (int character : name.codePoints().toArray()) {
                OtherNames known = node.children.get(character);
                if (known == null) {
                    known = new OtherNames();
                    node.children.put(character, known);
                    nodes++;
                }
                node = known;
            }
            if (nodes > MAX_NODES) {
                throw SchemaNode.errorAt(
                        place,
                        "beside other properties the names of declared ones have at most " + MAX_NODES
                                + " characters together; declare fewer, or set additionalProperties to false");
            }
            node.taken = true;
        }
        return root.expression();
    }

    private Expression expression() {
        List<Expression> options = new ArrayList<>();
        CharacterSet others = CharacterSet.of(
                        children.keySet().stream().map(Character::toString).collect(Collectors.joining()))
                .complement();
        for (Map.Entry<Integer, OtherNames> child : children.entrySet()) {
            CharacterSet character = CharacterSet.range(child.getKey(), child.getKey());
            options.add(
                    Expression.sequence(new OneOf(character), child.getValue().expression()));
        }
        options.add(Expression.sequence(new OneOf(others), ANYTHING));
        if (!taken) {
            options.add(Expression.EMPTY);
        }
        return Expression.choice(options);
    }
}
