"""A package owns its tables: others ask it, or join what it publishes (`<package>/published.py`)."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NAMED = re.compile(
    r"\b(?:from|join|into|update)\s+(?:only\s+)?(?:public\.)?([a-z_]+)\b(?!\s*\()", re.IGNORECASE
)
_STATEMENT = re.compile(r"\b(select|insert|update|delete)\b", re.IGNORECASE)

#: May read every package's tables, each by its own role: the roll-up adds up, and whoever asks for their data gets all.
BY_DECLARATION = {"app/outcomes/summaries.py", "app/privacy/queries.py"}


@cache
def _sources() -> dict[Path, ast.Module]:
    """Read by who needs it: every process of a run collects this file, and one runs it."""
    return {
        path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "app").glob("*/**/*.py"))
    }


@cache
def _owners() -> tuple[dict[str, str], dict[str, str]]:
    """Table -> package, and name of a model -> table."""
    tables: dict[str, str] = {}
    models: dict[str, str] = {}
    for path, tree in _sources().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            for line in node.body:
                if (
                    isinstance(line, ast.Assign)
                    and isinstance(line.targets[0], ast.Name)
                    and line.targets[0].id == "__tablename__"
                    and isinstance(line.value, ast.Constant)
                    and isinstance(line.value.value, str)
                ):
                    tables[line.value.value] = path.parts[1]
                    models[node.name] = line.value.value
    return tables, models


def _annotations(tree: ast.AST) -> set[int]:
    """The nodes of what only names a type."""
    found: set[int] = set()
    for node in ast.walk(tree):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if part is not None:
                found |= {id(one) for one in ast.walk(part)}
    return found


def named(tree: ast.AST) -> Iterator[str]:
    """Tables in the SQL of a module, and those of the models that its statements are built from."""
    owners, models = _owners()
    types = _annotations(tree)
    words = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words:
            if _STATEMENT.search(node.value):
                yield from (table for table in _NAMED.findall(node.value) if table in owners)
        elif isinstance(node, ast.Attribute | ast.Call):
            parts = [node.value] if isinstance(node, ast.Attribute) else node.args
            for part in parts:
                if isinstance(part, ast.Name) and part.id in models and id(part) not in types:
                    yield models[part.id]


def test_a_package_names_its_own_tables():
    found: dict[str, set[str]] = defaultdict(set)
    for path, tree in _sources().items():
        if str(path) not in BY_DECLARATION:
            found[path.parts[1]] |= {table for table in named(tree) if _owners()[0][table] != path.parts[1]}
    assert not {package: tables for package, tables in found.items() if tables}


def test_a_statement_of_each_kind_is_seen():
    for planted in (
        "QUERY = text('select 1 from parent_contact')",
        "def f(session): return session.scalar(select(Parent).where(Parent.id == 1))",
        "def f(session): session.execute(update(Parent).values(stage='left'))",
        "def f(session): return session.get(Parent, 1)",
        "QUERY = text('delete from parent where true')",
    ):
        assert set(named(ast.parse(planted))) & {"parent", "parent_contact"}, planted
    assert not set(named(ast.parse("def f(one: Parent) -> Parent: 'from parent'; return one")))
