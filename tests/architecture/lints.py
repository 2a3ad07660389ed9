"""Rules of the house that no linter has, each a function from source to the lines that break it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

#: What takes a statement.
_STATEMENTS = {
    "text",
    "execute",
    "executemany",
    "exec_driver_sql",
    "literal_column",
    "scalars",
    "scalar",
    "SQL",
}
#: An answer to HEAD has no words to compress.
MAY_ASK_FOR_GET = {"app/shell/compression.py"}
#: Fixed lists of words and pictures, drawn by us; the words of our own catalogues, as Jinja's `gettext` trusts them.
MAY_TRUST = {"app/shell/widgets.py", "app/shell/language.py", "demo/mailbox/render.py"}
#: Invented people, a port to try first, faults of the mailbox: none guards anything.
MAY_PLAY_DICE = {
    "demo/answers.py",
    "demo/keys.py",
    "demo/parents.py",
    "demo/embedded/ports.py",
    "demo/mailbox/faults.py",
}
#: The clock itself, and what plays the world outside.
MAY_READ_A_CLOCK = {"infra/clock.py", "demo/mailbox/web.py", "demo/mailbox/notify.py"}
#: Variables that hold one of two words of our own (`create` or `alter`), where psycopg has no parameter for it.
_WORDS = {"verb"}
_WEAK = {"random", "pickle", "cPickle", "dill", "shelve", "marshal", "md5", "sha1", "eval", "exec"}
#: What makes an address of one of our own routes, or a link to the file store that we sign.
_ADDRESSES = {"url_for", "address_of", "home_of", "_to", "open_document", "way_back"}
_FIXED_ADDRESSES = {"SAFE_PLACE"}


def name_of(node: ast.AST) -> str:
    """The last word of what is called or named: `db.session.execute` is `execute`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def built_statements(source: str) -> list[int]:
    """Lines that hand the database a text which was put together, there or in a variable before."""
    tree = ast.parse(source)
    built_names = {
        name_of(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        and node.value
        and _is_built(node.value, set())
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }
    found = []
    for node in calls(source):
        called = name_of(node.func)
        if called not in _STATEMENTS or not node.args:
            continue
        first = node.args[0]
        if called == "SQL" and isinstance(first, ast.Name) and first.id in _WORDS:
            continue
        if _is_built(first, built_names) or (called in ("text", "SQL") and not _is_constant(first, tree)):
            found.append(node.lineno)
    return found


def _is_built(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return _has_text(node.left) or _has_text(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        on = node.func.value
        return node.func.attr in ("format", "join", "replace", "format_map") and (
            _has_text(on) or (isinstance(on, ast.Name) and on.id in names)
        )
    return isinstance(node, ast.Name) and node.id in names


def _has_text(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node)
    ) and not (isinstance(node, ast.Call))


def _is_constant(node: ast.AST, tree: ast.Module) -> bool:
    """Whether the text stands there in full, or in a constant of the module."""
    if isinstance(node, ast.Constant):
        return True
    constants = {
        name_of(target): statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    }
    return isinstance(node, ast.Name) and isinstance(constants.get(node.id), ast.Constant)


def trusted_text(source: str) -> list[int]:
    """Lines that call text safe to show as it is, or that make pages without escaping.

    What is written out there, as one piece of our own, is no text from elsewhere.
    """
    found = []
    for node in calls(source):
        called = name_of(node.func)
        escape = next((word.value for word in node.keywords if word.arg == "autoescape"), None)
        if called == "Markup" and node.args and all(isinstance(part, ast.Constant) for part in node.args):
            continue
        if called in ("Markup", "render_template_string", "from_string") or (
            isinstance(escape, ast.Constant) and not escape.value
        ):
            found.append(node.lineno)
    for line in ast.walk(ast.parse(source)):
        if isinstance(line, ast.Assign) and any(name_of(target) == "autoescape" for target in line.targets):
            found.append(line.lineno)
    return found


def weak_tools(source: str) -> list[int]:
    """Lines that use dice where secrets might hang on it, unpickle, or run text as code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and _WEAK & {alias.name.split(".")[0] for alias in node.names}:
            found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if (
                (node.module or "").split(".")[0] in _WEAK
                or "PickleSerializer" in names
                or "DefaultSerializer" in names
            ):
                found.append(node.lineno)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"):
                found.append(node.lineno)
            if (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in ("md5", "sha1")
                and not _is_checksum(node)
            ):
                found.append(node.lineno)
            if name_of(node.func) in ("Queue", "Worker", "SimpleWorker") and _is_rq_without_json(
                node, source
            ):
                found.append(node.lineno)
    return found


def _is_checksum(node: ast.Call) -> bool:
    """S3 wants an MD5 of a body that is stored under a lock; the code says that it guards nothing."""
    return any(
        word.arg == "usedforsecurity" and isinstance(word.value, ast.Constant) and word.value.value is False
        for word in node.keywords
    )


def _is_rq_without_json(node: ast.Call, source: str) -> bool:
    """RQ pickles jobs unless it is told otherwise, at every queue and worker."""
    given = {word.arg: name_of(word.value) for word in node.keywords}
    return "from rq import" in source and given.get("serializer") != "JSONSerializer"


def redirects_elsewhere(source: str) -> list[int]:
    """Lines that send a browser anywhere but to a route of ours: `url_for` refuses what is none."""
    found = []
    for node in calls(source):
        if name_of(node.func) == "redirect" and not (node.args and _is_ours(node.args[0])):
            found.append(node.lineno)
        if name_of(node.func) == "url_for" and any(
            word.arg in ("_external", "_scheme")
            and not (isinstance(word.value, ast.Constant) and not word.value.value)
            for word in node.keywords
        ):
            found.append(node.lineno)
    for word in ast.walk(ast.parse(source)):
        if isinstance(word, ast.Constant) and word.value == "Location":
            found.append(word.lineno)
        if isinstance(word, ast.Attribute) and word.attr in ("referrer", "referer"):
            found.append(word.lineno)
    return found


def _is_ours(node: ast.AST) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_ours(node.body) and _is_ours(node.orelse)
    if isinstance(node, ast.Call):
        return name_of(node.func) in _ADDRESSES
    return isinstance(node, ast.Name) and node.id in _FIXED_ADDRESSES


def scattered_arguments(source: str) -> list[int]:
    """Lines that hand `url_for` arguments whose names are not written there: `address_of` takes those as data.

    A function may hand on its own keywords, which its callers wrote.
    """
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.Module | ast.Lambda):
            continue
        own = (
            function.args.kwarg.arg if not isinstance(function, ast.Module) and function.args.kwarg else None
        )
        for node in _directly_in(function):
            if isinstance(node, ast.Call) and name_of(node.func) == "url_for":
                found += [
                    node.lineno
                    for word in node.keywords
                    if word.arg is None and name_of(word.value) != (own or "-")
                ]
    return found


def _directly_in(function: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(function):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            yield from _directly_in(node)


def presses_by_exclusion(source: str) -> list[int]:
    """Lines that ask whether a request is a GET: HEAD is none, and would be taken for a press."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.Eq | ast.NotEq)
        and "method" in (name_of(node.left), name_of(node.comparators[0]))
        and any(
            isinstance(one, ast.Constant) and one.value == "GET" for one in (node.left, *node.comparators)
        )
    ]


#: Asks a clock that is not ours: of Python, of SQLAlchemy, or inside a statement.
_CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "func.now"}
_SQL_CLOCK = re.compile(
    r"(?<![\w.])now\(\)|current_(date|time|timestamp)\b|\b(clock|statement|transaction)_timestamp\b|\blocaltime"
)


def other_clocks(source: str) -> list[int]:
    """Lines that read a clock other than `infra.clock` and the database's `app.now()`.

    A moment made from a stamp, and what a docstring says about clocks, are no reading.
    """
    tree = ast.parse(source)
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if f"{name_of(node.func.value)}.{node.func.attr}" in _CLOCKS:
                found.append(node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            found += [node.lineno] if _SQL_CLOCK.search(node.value) else []
    return found
