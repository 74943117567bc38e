"""Renders the cases of a file with jinja2, set up as Hugging Face's apply_chat_template does; see README.md."""

import datetime
import json
import pathlib
import sys

from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).resolve().parent
RESOURCES = HERE / "../resources/chat-templates"
FAMILIES = HERE / "../../main/resources/io/tributary/tokenizers/chat-templates"
NOW = datetime.datetime(2026, 1, 5, 7, 8, 9)


class Generation(Extension):
    """Knows the block `generation`, which renders its body."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("render"), [], [], body).set_lineno(line)

    def render(self, caller):
        return caller()


def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def raise_exception(message):
    raise RuntimeError(message)


def source(case):
    if "template" in case:
        return case["template"]
    own = RESOURCES / case["file"]
    return (own if own.exists() else FAMILIES / case["file"]).read_text(encoding="utf-8")


def result(case):
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )
    environment.filters["tojson"] = to_json
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = NOW.strftime
    variables = {**case.get("variables", {}), **case.get("constants", {})}
    try:
        return {"text": environment.from_string(source(case)).render(**variables)}
    except Exception as failure:
        return {"error": str(failure)}


def main():
    name = sys.argv[1]
    cases = json.loads((RESOURCES / (name + ".json")).read_text(encoding="utf-8"))
    results = json.dumps([result(case) for case in cases], ensure_ascii=False, indent=1) + "\n"
    if sys.argv[2:] == ["--print"]:
        sys.stdout.buffer.write(results.encode("utf-8"))
    else:
        (RESOURCES / (name + ".expected.json")).write_text(results, encoding="utf-8")


main()
