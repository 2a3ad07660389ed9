"""Templates in which names of people and places are kept from translation without every template saying so.

Whoever writes `{{ parent.name }}`, or hands it to gettext or to a macro, means a name. So when a template is
compiled, each such value that comes to be shown gets the filter `kept`. Values that are compared, looked up or made
into an address stay. tests/isolation/test_kept_words.py reads every page for what was missed.
"""

from __future__ import annotations

import operator
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache, nodes
from jinja2.compiler import CodeGenerator, Frame

#: Attributes that are always a person's or a place's name.
NAMES = frozenset(
    {
        "first_name",
        "last_name",
        "known_as",
        "short_name",
        "contact_name",
        "contact_deputy",
        "dsl_name",
        "dsl_deputy",
        "officer_name",
        "school_name",
        "tenant_name",
        "authority_name",
        "referee_name",
        "recorded_by",
        "by_name",
        "raised_by_name",
        "read_by",
        "seen_by",
        "decided_by",
        "approved_by",
        "invited_by",
        "done_by",
        "who",
        "place",
        "controller_name",
        "trust_name",
        "federation_name",
        "address",
        "email",
        "phone_words",
    }
)
#: Things with a `name` that is a word of the page: it may be translated.
THINGS = frozenset(
    {"form", "field", "provider", "key", "term", "cohort", "group", "area", "topic", "loop", "self", "way"}
)
#: Calls whose arguments are shown; those of others (`url_for`) are looked up.
SHOWN = frozenset({"_", "gettext", "ngettext", "append"})
MACROS = frozenset({"ui", "work", "people", "forms"})
#: Filters that pass on what they are given.
PASSING = frozenset({"join", "select", "default", "list", "string", "e", "escape", "trim", "listed", "first"})


class PlainCalls(CodeGenerator):
    """Calls what a template names as Python does. Jinja asks first, five hundred times a page, whether it wants the
    page's context: of ours nothing does, and a macro knows by itself that it escapes."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        called = getattr(self.environment.globals.get(getattr(node.node, "name", "")), "jinja_pass_arg", None)
        if called is not None:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.call_plainly(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")


class KeepingEnvironment(Environment):
    """Flask's own, with `kept` where a name is shown."""

    code_generator_class = PlainCalls
    call_plainly: ClassVar[Any] = operator.call

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return keep_names(super()._parse(source, name, filename))


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates as compiled by any worker of this machine: the first page of the next is not a third of a second late.

    They lie in a folder that only this user may write to. What is done to a template here is part of its name there.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(f"{_MADE_BY}{name}", filename)


_MADE_BY = sha256(Path(__file__).read_bytes()).hexdigest()


def keep_names(template: nodes.Template) -> nodes.Template:
    """The template with the filter at each name that comes to be shown."""
    for output in template.find_all(nodes.Output):
        output.nodes = [_shown(node) for node in output.nodes]
    for assign in template.find_all(nodes.Assign):
        assign.node = _shown(assign.node)
    for block in template.find_all(nodes.CallBlock):
        block.call = _shown(block.call)
    return template


def _shown(node: Any) -> Any:
    """`node` with the filter at each name inside that it passes on."""
    if isinstance(node, nodes.Getattr):
        return _kept(node) if _is_name(node) else node
    if isinstance(node, nodes.CondExpr):
        node.expr1 = _shown(node.expr1)
        node.expr2 = _shown(node.expr2) if node.expr2 is not None else None
    elif isinstance(node, nodes.Or | nodes.Mod | nodes.Add):
        node.left, node.right = _shown(node.left), _shown(node.right)
    elif isinstance(node, nodes.And):
        node.right = _shown(node.right)
    elif isinstance(node, nodes.Concat):
        node.nodes = [_shown(part) for part in node.nodes]
    elif isinstance(node, nodes.List | nodes.Tuple):
        node.items = [_shown(item) for item in node.items]
    elif isinstance(node, nodes.Dict):
        for pair in node.items:
            pair.value = _shown(pair.value)
    elif isinstance(node, nodes.Filter) and node.name in PASSING and node.node is not None:
        node.node = _shown(node.node)
    elif isinstance(node, nodes.Call) and _shows(node.node):
        node.args = [_shown(argument) for argument in node.args]
        for keyword in node.kwargs:
            keyword.value = _shown(keyword.value)
    return node


def _is_name(node: nodes.Getattr) -> bool:
    owner = node.node
    last = owner.name if isinstance(owner, nodes.Name) else getattr(owner, "attr", "")
    if node.attr == "name":
        return last not in THINGS
    # A form's field draws itself, whatever the form is called: `form`, `link_form`.
    return node.attr in NAMES and not last.endswith("form")


def _shows(called: Any) -> bool:
    if isinstance(called, nodes.Name):
        return called.name in SHOWN
    if isinstance(called, nodes.Getattr):
        owner = called.node
        return called.attr in SHOWN or (isinstance(owner, nodes.Name) and owner.name in MACROS)
    return False


def _kept(node: nodes.Getattr) -> nodes.Filter:
    return nodes.Filter(node, "kept", [], [], None, None, lineno=node.lineno)
