package io.tributary.architecture;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePath;
import io.tributary.architecture.ConfigurationSection.Property;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The syntax tree of one configuration interface: abstract methods with `@WithDefault` or none, and groups, alone or by name, of
 * such methods in interfaces nested in it. Another form (a name given by an annotation) is refused rather than shown wrongly.
 */
record ConfigurationInterface(DocTrees documentation, CompilationUnitTree unit, ClassTree tree) {
    private static final Pattern OPTIONAL = Pattern.compile("Optional<(.+)>");
    private static final Pattern MAP = Pattern.compile("Map<String, (.+)>");

    ConfigurationSection section() {
        String prefix = argument(
                annotation(tree.getModifiers(), "ConfigMapping").orElseThrow(() -> refusal(tree, "no mapping")),
                "prefix");
        return new ConfigurationSection(
                prefix, description(tree), properties(prefix, tree).toList());
    }

    private Stream<Property> properties(String prefix, ClassTree type) {
        return type.getMembers().stream()
                .filter(member -> member instanceof MethodTree method && method.getBody() == null)
                .flatMap(member -> properties(prefix, (MethodTree) member));
    }

    /** One property, or those of the group that the method returns. */
    private Stream<Property> properties(String prefix, MethodTree method) {
        String declared = method.getReturnType().toString();
        Matcher map = MAP.matcher(declared);
        String name = prefix + "." + kebabCase(method.getName().toString());
        String within = map.matches() ? name + ".\"<key>\"" : name;
        return nested(map.matches() ? map.group(1) : declared, Tree.Kind.INTERFACE)
                .map(group -> properties(within, group))
                .orElseGet(() -> Stream.of(property(prefix, method)));
    }

    private Optional<ClassTree> nested(String type, Tree.Kind kind) {
        return tree.getMembers().stream()
                .filter(member -> member instanceof ClassTree nested
                        && nested.getKind() == kind
                        && nested.getSimpleName().contentEquals(type))
                .map(ClassTree.class::cast)
                .findAny();
    }

    private Property property(String prefix, MethodTree method) {
        Optional<AnnotationTree> withDefault = annotation(method.getModifiers(), "WithDefault");
        if (method.getModifiers().getAnnotations().size()
                != withDefault.stream().count()) {
            throw refusal(method, "@WithDefault is the only annotation that the table can show");
        }
        String declared = method.getReturnType().toString();
        Matcher map = MAP.matcher(declared);
        Optional<String> defaultValue = withDefault.map(annotation -> argument(annotation, "value"));
        if (defaultValue.isEmpty() && !mayBeLeftOut(declared, prefix)) {
            throw refusal(method, "a property without @WithDefault has to be Optional, a Map or of a named group");
        }
        String name = prefix + "." + kebabCase(method.getName().toString());
        return map.matches()
                ? new Property(name + ".<key>", type(map.group(1)), defaultValue, description(method))
                : new Property(name, type(declared), defaultValue, description(method));
    }

    /** What a named group needs is not asked for where there is no such group. */
    private static boolean mayBeLeftOut(String declared, String prefix) {
        return declared.startsWith("Optional") || MAP.matcher(declared).matches() || prefix.endsWith("\"<key>\"");
    }

    private static String kebabCase(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** The type as far as a person who writes a value must know it: the alternatives of an enum, no `Optional`. */
    private String type(String declared) {
        Matcher optional = OPTIONAL.matcher(declared);
        String type = optional.matches() ? optional.group(1) : declared;
        if (type.equals("OptionalInt")) {
            return "int";
        }
        return nested(type, Tree.Kind.ENUM)
                .map(ConfigurationInterface::alternatives)
                .orElse(type);
    }

    private static String alternatives(ClassTree enumeration) {
        return enumeration.getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(constant -> ((VariableTree) constant).getName().toString())
                .map(constant -> "`" + constant.toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                .collect(Collectors.joining(" or "));
    }

    private static Optional<AnnotationTree> annotation(ModifiersTree modifiers, String simpleName) {
        return modifiers.getAnnotations().stream()
                .filter(annotation -> annotation.getAnnotationType().toString().equals(simpleName))
                .<AnnotationTree>map(annotation -> annotation)
                .findAny();
    }

    private String argument(AnnotationTree annotation, String name) {
        if (annotation.getArguments().size() == 1) {
            ExpressionTree argument = annotation.getArguments().getFirst();
            boolean named = argument instanceof AssignmentTree assignment
                    && assignment.getVariable().toString().equals(name);
            ExpressionTree value =
                    argument instanceof AssignmentTree assignment && named ? assignment.getExpression() : argument;
            if (value instanceof LiteralTree literal && literal.getValue() instanceof String text) {
                return text;
            }
        }
        throw refusal(annotation, "its only argument has to be the literal " + name);
    }

    /** The Javadoc of a declaration, without its block tags, in one line. */
    private String description(Tree declaration) {
        DocCommentTree comment = documentation.getDocCommentTree(TreePath.getPath(unit, declaration));
        if (comment == null) {
            throw refusal(declaration, "it has no Javadoc");
        }
        return comment.getFullBody().stream()
                .map(DocTree::toString)
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ");
    }

    private IllegalStateException refusal(Tree declaration, String reason) {
        long position = documentation.getSourcePositions().getStartPosition(unit, declaration);
        return new IllegalStateException(
                unit.getSourceFile().getName() + ", line " + unit.getLineMap().getLineNumber(position) + ": " + reason);
    }
}
