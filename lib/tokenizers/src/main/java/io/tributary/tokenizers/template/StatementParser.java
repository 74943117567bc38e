package io.tributary.tokenizers.template;

import io.tributary.tokenizers.template.Expression.Call;
import io.tributary.tokenizers.template.Expression.Name;
import io.tributary.tokenizers.template.Statement.Assign;
import io.tributary.tokenizers.template.Statement.Branch;
import io.tributary.tokenizers.template.Statement.CallBlock;
import io.tributary.tokenizers.template.Statement.Capture;
import io.tributary.tokenizers.template.Statement.Data;
import io.tributary.tokenizers.template.Statement.For;
import io.tributary.tokenizers.template.Statement.If;
import io.tributary.tokenizers.template.Statement.LoopControl;
import io.tributary.tokenizers.template.Statement.MacroDefinition;
import io.tributary.tokenizers.template.Statement.Parameter;
import io.tributary.tokenizers.template.Statement.Print;
import io.tributary.tokenizers.template.Statement.Scoped;
import io.tributary.tokenizers.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;

/** The statements of a template. */
final class StatementParser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int loops;

    private StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String source) {
        StatementParser parser = new StatementParser(new TokenStream(Lexer.tokens(source)));
        List<Statement> statements = parser.body();
        if (!parser.tokens.at(TokenType.END)) {
            throw parser.tokens.failure(
                    "there is '" + parser.tokens.current().text() + "', but nothing that it could end or continue");
        }
        return statements;
    }

    /** Statements up to the name of a block that ends or continues what they are in. */
    private List<Statement> body() {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (!tokens.at(TokenType.END)) {
            Token token = tokens.next();
            switch (token.type()) {
                case DATA -> statements.add(new Data(token.line(), TextValue.trusted(token.text())));
                case PRINT_BEGIN -> statements.add(print(token.line()));
                default -> {
                    if (isEnder()) {
                        tokens.leave();
                        return List.copyOf(statements);
                    }
                    statements.add(block());
                }
            }
        }
        tokens.leave();
        return List.copyOf(statements);
    }

    private boolean isEnder() {
        String name = tokens.current().text();
        return name.startsWith("end") || name.equals("else") || name.equals("elif");
    }

    private Statement print(int line) {
        Expression expression = expressions.tuple();
        tokens.expect(TokenType.PRINT_END, "'}}'");
        return new Print(line, expression);
    }

    private Statement block() {
        Token tag = tokens.expect(TokenType.NAME, "the name of a statement after '{%'");
        int line = tag.line();
        return switch (tag.text()) {
            case "if" -> ifStatement(line);
            case "for" -> forStatement(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "call" -> callBlock(line);
            case "filter" -> filterBlock(line);
            case "with" -> with(line);
            case "generation" -> {
                endOfTag();
                yield new Scoped(line, List.of(), bodyOf("generation"));
            }
            case "break", "continue" -> loopControl(tag);
            default ->
                throw new ChatTemplateException(
                        line, "there is no statement '" + tag.text() + "' that a chat template may use");
        };
    }

    private void endOfTag() {
        tokens.expect(TokenType.BLOCK_END, "'%}'");
    }

    /** The body of a block and its end, {@code end} with the name of the block. */
    private List<Statement> bodyOf(String block) {
        List<Statement> body = body();
        end(block);
        return body;
    }

    private void end(String block) {
        tokens.expectName("end" + block);
        endOfTag();
    }

    private Statement ifStatement(int line) {
        List<Branch> branches = new ArrayList<>();
        do {
            Expression condition = expressions.tuple();
            endOfTag();
            branches.add(new Branch(condition, body()));
        } while (tokens.skipName("elif"));
        List<Statement> otherwise = elseBody();
        end("if");
        return new If(line, List.copyOf(branches), otherwise);
    }

    private List<Statement> elseBody() {
        if (!tokens.skipName("else")) {
            return List.of();
        }
        endOfTag();
        return body();
    }

    private Statement forStatement(int line) {
        Target target = target();
        tokens.expectName("in");
        Expression iterable = expressions.withoutCondition();
        Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        endOfTag();
        loops++;
        List<Statement> body = body();
        loops--;
        List<Statement> otherwise = elseBody();
        end("for");
        return new For(line, target, iterable, condition, body, otherwise);
    }

    private Statement loopControl(Token tag) {
        if (loops == 0) {
            throw new ChatTemplateException(tag.line(), "there is '" + tag.text() + "' outside a loop");
        }
        endOfTag();
        return new LoopControl(tag.line(), tag.text().equals("break"));
    }

    private Statement set(int line) {
        Target target = target();
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple();
            endOfTag();
            return new Assign(line, target, value);
        }
        Expression filtered = expressions.filtered(new Name(line, Capture.CAPTURED));
        endOfTag();
        return new Capture(line, target, filtered, bodyOf("set"));
    }

    private Statement filterBlock(int line) {
        Expression filtered = expressions.filterBlock(new Name(line, Capture.CAPTURED));
        endOfTag();
        return new Capture(line, null, filtered, bodyOf("filter"));
    }

    private Statement with(int line) {
        List<Assign> variables = new ArrayList<>();
        while (!tokens.at(TokenType.BLOCK_END)) {
            if (!variables.isEmpty()) {
                tokens.expectOperator(",");
            }
            Target target = singleTarget();
            tokens.expectOperator("=");
            variables.add(new Assign(line, target, expressions.expression()));
        }
        endOfTag();
        return new Scoped(line, List.copyOf(variables), bodyOf("with"));
    }

    private Statement macro(int line) {
        String name = tokens.expect(TokenType.NAME, "the name of the macro").text();
        List<Parameter> parameters = parameters();
        endOfTag();
        return new MacroDefinition(line, name, parameters, macroBody("macro"));
    }

    private Statement callBlock(int line) {
        List<Parameter> parameters = tokens.atOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Call call)) {
            throw new ChatTemplateException(line, "wanted is a call of a macro after 'call'");
        }
        endOfTag();
        return new CallBlock(line, parameters, call, macroBody("call"));
    }

    private List<Statement> macroBody(String block) {
        int outerLoops = loops;
        loops = 0;
        List<Statement> body = bodyOf(block);
        loops = outerLoops;
        return body;
    }

    private List<Parameter> parameters() {
        tokens.expectOperator("(");
        List<Parameter> parameters = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name =
                    tokens.expect(TokenType.NAME, "the name of a parameter").text();
            parameters.add(new Parameter(name, tokens.skipOperator("=") ? expressions.expression() : null));
        }
        return List.copyOf(parameters);
    }

    private Target target() {
        List<Target> targets = new ArrayList<>();
        boolean several = false;
        do {
            targets.add(singleTarget());
            several |= tokens.atOperator(",");
        } while (tokens.skipOperator(",") && !tokens.atName("in") && !tokens.atOperator("="));
        return several ? new Target.Unpacked(List.copyOf(targets)) : targets.getFirst();
    }

    private Target singleTarget() {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inside = target();
            tokens.leave();
            tokens.expectOperator(")");
            return inside;
        }
        String name = tokens.expect(TokenType.NAME, "the name of a variable").text();
        if (!tokens.skipOperator(".")) {
            return new Target.Variable(name);
        }
        return new Target.Member(
                name, tokens.expect(TokenType.NAME, "the name of an attribute").text());
    }
}
