package io.tributary.tokenizers.template;

import io.tributary.tokenizers.template.Statement.Assign;
import io.tributary.tokenizers.template.Statement.Branch;
import io.tributary.tokenizers.template.Statement.CallBlock;
import io.tributary.tokenizers.template.Statement.Capture;
import io.tributary.tokenizers.template.Statement.Data;
import io.tributary.tokenizers.template.Statement.For;
import io.tributary.tokenizers.template.Statement.If;
import io.tributary.tokenizers.template.Statement.LoopControl;
import io.tributary.tokenizers.template.Statement.MacroDefinition;
import io.tributary.tokenizers.template.Statement.Print;
import io.tributary.tokenizers.template.Statement.Scoped;
import io.tributary.tokenizers.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;

/** Executes statements and collects what they print. */
final class Rendering {
    private final Evaluation evaluation;
    private TextBuilder output;

    Rendering(Evaluation evaluation) {
        this.evaluation = evaluation;
        this.output = new TextBuilder(evaluation.meter());
    }

    /** How a statement ended. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    TextValue render(List<Statement> statements) {
        executeAll(statements);
        return output.build();
    }

    private Flow executeAll(List<Statement> statements) {
        for (Statement statement : statements) {
            Flow flow = execute(statement);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow execute(Statement statement) {
        try {
            evaluation.meter().enter();
            Flow flow = flow(statement);
            evaluation.meter().leave();
            return flow;
        } catch (TemplateFault fault) {
            throw new ChatTemplateException(statement.line(), fault);
        }
    }

    private Flow flow(Statement statement) {
        switch (statement) {
            case Data data -> output.append(data.text());
            case Print print -> output.append(evaluation.printed(evaluation.evaluate(print.expression())));
            case Assign assign -> assign(assign.target(), evaluation.evaluate(assign.value()));
            case Capture capture -> capture(capture);
            case MacroDefinition macro -> evaluation.scope().set(macro.name(), macro(macro));
            case CallBlock call -> call(call);
            case If branches -> {
                return ifStatement(branches);
            }
            case For loop -> {
                return forStatement(loop);
            }
            case Scoped scoped -> {
                return scoped(scoped);
            }
            case LoopControl control -> {
                return control.leaves() ? Flow.BREAK : Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private Flow ifStatement(If statement) {
        for (Branch branch : statement.branches()) {
            if (evaluation.evaluate(branch.condition()).truth()) {
                return executeAll(branch.body());
            }
        }
        return executeAll(statement.otherwise());
    }

    private Flow forStatement(For loop) {
        List<Value> elements = selected(loop, evaluation.elements(evaluation.evaluate(loop.iterable())));
        if (elements.isEmpty()) {
            return evaluation.within(inner(), () -> executeAll(loop.otherwise()));
        }
        LoopValue position = new LoopValue(elements);
        for (int index = 0; index < elements.size(); index++) {
            position.advance(index);
            if (iterate(loop, position, elements.get(index)) == Flow.BREAK) {
                break;
            }
        }
        return Flow.NEXT;
    }

    private Flow iterate(For loop, LoopValue position, Value element) {
        evaluation.meter().spend(1);
        return evaluation.within(inner(), () -> {
            evaluation.scope().set("loop", position);
            assign(loop.target(), element);
            return executeAll(loop.body());
        });
    }

    private List<Value> selected(For loop, List<Value> elements) {
        Expression condition = loop.condition();
        if (condition == null) {
            return elements;
        }
        List<Value> selected = new ArrayList<>();
        for (Value element : elements) {
            boolean holds = evaluation.within(inner(), () -> {
                assign(loop.target(), element);
                return evaluation.evaluate(condition).truth();
            });
            if (holds) {
                selected.add(element);
            }
        }
        return selected;
    }

    private Scope inner() {
        return new Scope(evaluation.scope());
    }

    private Flow scoped(Scoped scoped) {
        Scope inner = inner();
        for (Assign variable : scoped.variables()) {
            Value value = evaluation.evaluate(variable.value());
            evaluation.within(inner, () -> {
                assign(variable.target(), value);
                return Flow.NEXT;
            });
        }
        return evaluation.within(inner, () -> executeAll(scoped.body()));
    }

    private void assign(Target target, Value value) {
        switch (target) {
            case Target.Variable variable -> evaluation.scope().set(variable.name(), value);
            case Target.Member member -> namespace(member.namespace()).set(member.attribute(), value);
            case Target.Unpacked unpacked -> unpack(unpacked.targets(), evaluation.elements(value));
        }
    }

    private NamespaceValue namespace(String name) {
        if (evaluation.scope().find(name) instanceof NamespaceValue namespace) {
            return namespace;
        }
        throw new TemplateFault("attributes can be set of a namespace only, and '" + name + "' is none");
    }

    private void unpack(List<Target> targets, List<Value> values) {
        if (targets.size() != values.size()) {
            throw new TemplateFault("there are " + values.size() + " values for " + targets.size() + " variables");
        }
        for (int index = 0; index < targets.size(); index++) {
            assign(targets.get(index), values.get(index));
        }
    }

    private void capture(Capture capture) {
        TextValue body = captured(inner(), capture.body());
        Scope inner = inner();
        inner.set(Capture.CAPTURED, body);
        Value filtered = evaluation.within(inner, () -> evaluation.evaluate(capture.filtered()));
        if (capture.target() == null) {
            output.append(evaluation.printed(filtered));
        } else {
            assign(capture.target(), filtered);
        }
    }

    /** What statements print with variables of their own. */
    TextValue captured(Scope inner, List<Statement> body) {
        TextBuilder outer = output;
        output = new TextBuilder(evaluation.meter());
        evaluation.within(inner, () -> executeAll(body));
        TextValue printed = output.build();
        output = outer;
        return printed;
    }

    private FunctionValue macro(MacroDefinition macro) {
        return new Macro(macro.name(), macro.parameters(), macro.body(), evaluation.scope(), this).function();
    }

    private void call(CallBlock block) {
        FunctionValue caller =
                new Macro("caller", block.parameters(), block.body(), evaluation.scope(), this).function();
        output.append(evaluation.printed(evaluation.callWith(block.call(), caller)));
    }
}
