"""Which routes may change somebody's contact, stage, membership or invitation: read from the code and the database.

Code is followed from each page's function through everything that it names: functions, classes, statements. A write is
an attribute that is set, a row that is made or taken away, a statement, or a function of the database whose own text
(or whose trigger's) writes such a table. Where it is not clear what is written, it counts as a write of everything:
too much is declared in a line, too little would be missed.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from flask import Flask

from app.extensions import db
from tests.isolation.sql_writes import EVERYTHING, OPEN_SQL, TABLES, Database

ROOT = Path(__file__).parents[2]


@dataclass
class Part:
    """One function, class or constant at the top of a module."""

    module: Module
    name: str
    body: ast.AST
    local: dict[str, str] = field(default_factory=dict)


class Module:
    """A module of the product: what stands at its top, and what its names mean."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.parts: dict[str, Part] = {}
        #: Name -> module, or module:part.
        self.names: dict[str, str] = {}
        for node in self.tree.body:
            for name, body in _tops(node):
                self.parts[name] = Part(self, name, body)
                self.names.setdefault(name, f"{self.name}:{name}")
        for line in ast.walk(self.tree):
            if isinstance(line, ast.ImportFrom) and line.module:
                for alias in line.names:
                    self.names[alias.asname or alias.name] = f"{line.module}:{alias.name}"
            elif isinstance(line, ast.Import):
                for alias in line.names:
                    self.names[alias.asname or alias.name.split(".")[0]] = alias.name


def _tops(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name, node
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Tuple):
                yield from ((one.id, node.value) for one in target.elts if isinstance(one, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
        yield node.target.id, node.value


class Code:
    """The product's code, followed from name to name."""

    def __init__(self, database: Database, root: Path = ROOT) -> None:
        self.database = database
        self.modules = {
            ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
            for path in sorted((root / "app").rglob("*.py"))
        }
        self._read: dict[str, Module] = {}
        self._own: dict[str, frozenset[str]] = {}
        self._edges: dict[str, frozenset[str]] = {}

    @cached_property
    def tables(self) -> Mapping[str, tuple[str, frozenset[str]]]:
        """Model's class -> its table and columns."""
        return {
            mapper.class_.__name__: (
                (f"{mapper.local_table.schema}." if mapper.local_table.schema else "")
                + mapper.local_table.name,
                frozenset(mapper.column_attrs.keys()),
            )
            for mapper in cast(Any, db.Model).registry.mappers
        }

    def module(self, name: str) -> Module | None:
        if name not in self._read:
            if name not in self.modules:
                return None
            self._read[name] = Module(name, self.modules[name])
        return self._read[name]

    def part(self, address: str) -> Part | None:
        """The part at "module:name", also where that module took it from another."""
        for _ in range(5):
            place, _, name = address.partition(":")
            module = self.module(place)
            if module is None:
                return None
            if name in module.parts:
                return module.parts[name]
            if name not in module.names:
                return None
            address = module.names[name]
        return None

    def resolve(self, module: Module, node: ast.expr) -> str | None:
        """The address ("module" or "module:name") of what a name or a dotted name means; None for a variable."""
        if isinstance(node, ast.Name):
            address = module.names.get(node.id)
            if address and ":" in address and self.part(address) is None:
                return address.replace(":", ".") if address.replace(":", ".") in self.modules else address
            return address
        if isinstance(node, ast.Attribute):
            before = self.resolve(module, node.value)
            return f"{before}:{node.attr}" if before in self.modules else None
        return None

    @cached_property
    def fillings(self) -> dict[str, str]:
        """Address of each `HandedIn` -> the module that `app/wiring.py` fills it with."""
        module = self.module("app.wiring")
        assert module is not None
        found = {}
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "fill"
                and (place := self.resolve(module, node.func.value))
                and (given := self.resolve(module, node.args[0]))
            ):
                found[place] = given
        return found | self._known_to_messages

    @cached_property
    def _known_to_messages(self) -> dict[str, str]:
        """Address of each function of the messages' catalogue that gives out a part -> the module that makes it."""
        catalogue = self.module("app.messages.catalogue")
        assert catalogue is not None
        given_out = {
            part.body.returns.id: f"{catalogue.name}:{name}"
            for name, part in catalogue.parts.items()
            if isinstance(part.body, ast.FunctionDef) and isinstance(part.body.returns, ast.Name)
        }
        found = {}
        for module in filter(None, map(self.module, self.modules)):
            for part in module.parts.values():
                called = part.body.func if isinstance(part.body, ast.Call) else None
                if isinstance(called, ast.Name) and called.id in given_out:
                    found[given_out[called.id]] = module.name
        return found

    def handed_in(self, module: Module, node: ast.expr) -> str | None:
        """The address of `places().give_back`, whose part is handed in from above."""
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call)):
            return None
        place = self.resolve(module, node.value.func)
        return f"{self.fillings[place]}:{node.attr}" if place in self.fillings else None

    # ---- what is reached

    def reached(self, address: str) -> set[str]:
        """Every part that can be reached from this one."""
        found, waiting = set(), [address]
        while waiting:
            one = waiting.pop()
            if one in found:
                continue
            found.add(one)
            waiting += self.edges(one)
        return found

    def edges(self, address: str) -> frozenset[str]:
        if address not in self._edges:
            part = self.part(address)
            found = set()
            for node in ast.walk(part.body) if part else ():
                if part and isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                    target = self.resolve(part.module, node) or self.handed_in(part.module, node)
                    if target and (there := self.part(target)):
                        found.add(f"{there.module.name}:{there.name}")
            self._edges[address] = frozenset(found - {address})
        return self._edges[address]

    # ---- what is written

    def writes(self, address: str) -> dict[str, frozenset[str]]:
        """Each reached part that itself writes -> what."""
        return {one: what for one in sorted(self.reached(address)) if (what := self.own(one))}

    def own(self, address: str) -> frozenset[str]:
        if address not in self._own:
            part = self.part(address)
            self._own[address] = _Reader(self, part).read() if part else frozenset()
        return self._own[address]


class _Reader:
    """What one part writes by its own statements."""

    def __init__(self, code: Code, part: Part) -> None:
        self.code, self.part, self.found = code, part, set[str]()
        self.types: dict[str, str | None] = {}

    def read(self) -> frozenset[str]:
        for node in ast.walk(self.part.body):
            self._learn(node)
        for node in ast.walk(self.part.body):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._target(target)
            elif isinstance(node, ast.AugAssign | ast.AnnAssign):
                self._target(node.target)
            elif isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.JoinedStr):
                if any(
                    isinstance(one, ast.Constant) and OPEN_SQL.search(str(one.value)) for one in node.values
                ):
                    self.found |= EVERYTHING
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                self.found |= self.code.database.of_text(node.value)
        return frozenset(self.found)

    # Whose attribute is it?

    def _learn(self, node: ast.AST) -> None:
        if isinstance(node, ast.arg):
            self.types[node.arg] = self._named(node.annotation)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            for name, value in _pairs(node.targets[0], node.value):
                self.types[name] = self._made(value)
        elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            self.types.setdefault(node.target.id, self._made(node.iter))

    def _named(self, annotation: ast.expr | None) -> str | None:
        """The class in an annotation, without what stands round it."""
        for node in ast.walk(annotation) if annotation else ():
            address = self.part.module.names.get(node.id) if isinstance(node, ast.Name) else None
            name = address.rpartition(":")[2] if address else ""
            there = self.code.part(address) if address else None
            if name in self.code.tables or (there and isinstance(there.body, ast.ClassDef)):
                return name
        return None

    def _made(self, value: ast.expr) -> str | None:
        if isinstance(value, ast.IfExp):
            return self._made(value.body) or self._made(value.orelse)
        if not isinstance(value, ast.Call):
            return None
        address = self.code.resolve(self.part.module, value.func)
        there = self.code.part(address) if address else None
        if there and isinstance(there.body, ast.ClassDef):
            return there.name
        if there and isinstance(there.body, ast.FunctionDef):
            return _Reader(self.code, there)._named(there.body.returns)
        # session.scalars(select(Thing)…).one(): the one class that is asked for.
        asked = {
            node.id for node in ast.walk(value) if isinstance(node, ast.Name) and node.id in self.code.tables
        }
        return asked.pop() if len(asked) == 1 else None

    def _target(self, target: ast.expr) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self._target(one)
        elif isinstance(target, ast.Attribute):
            kind = self.types.get(target.value.id) if isinstance(target.value, ast.Name) else None
            if isinstance(target.value, ast.Name) and target.value.id in (
                "self",
                "form",
                "app",
                "web_session",
            ):
                return
            self._attribute(kind, target.attr)

    def _attribute(self, kind: str | None, name: str) -> None:
        if kind is not None:
            table, columns = self.code.tables.get(kind, ("", frozenset()))
            if name in columns:
                self.found |= self.code.database.of_table(table, frozenset({name}))
            return
        for table, columns in self.code.tables.values():
            if name in columns and table in TABLES:
                self.found |= self.code.database.of_table(table, frozenset({name}))

    def _call(self, node: ast.Call) -> None:
        named = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if isinstance(node.func, ast.Name) and self._model(node.func):
            self._whole(self._model(node.func))
        elif named in ("insert", "update", "delete") and node.args and isinstance(node.func, ast.Name):
            model = self._model(node.args[0])
            if model:
                self._whole(model)
            else:
                for one in ast.walk(self.part.body):
                    if isinstance(one, ast.Name) and one.id in self.code.tables:
                        self._whole(one.id)
        elif named == "delete" and node.args and isinstance(node.args[0], ast.Name):
            kind = self.types.get(node.args[0].id)
            self._whole(kind) if kind else self.found.update(EVERYTHING)
        elif named in ("setattr", "populate_obj", "merge") or named.startswith("bulk_"):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Name) and first.id == "self":
                return
            kind = self.types.get(first.id) if isinstance(first, ast.Name) else None
            self._whole(kind) if kind else self.found.update(EVERYTHING)
        elif named == "function" and node.args and isinstance(node.args[0], ast.Constant):
            self.found |= self.code.database.of_function(f"identity.{node.args[0].value!s}")

    def _model(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Attribute) and node.attr == "__table__":
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.code.tables:
            return node.id
        return None

    def _whole(self, kind: str | None) -> None:
        if kind and kind in self.code.tables:
            self.found |= self.code.database.of_table(self.code.tables[kind][0])


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif (
        isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts)
    ):
        for one, of in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, of)


def by_endpoint(app: Flask, code: Code) -> dict[str, dict[str, frozenset[str]]]:
    """Endpoint -> the parts of the product behind it that write, with what; those that write nothing are left out."""
    found = {}
    for endpoint, view in sorted(app.view_functions.items()):
        view = inspect.unwrap(view)
        if writes := code.writes(f"{view.__module__}:{view.__name__}"):
            found[endpoint] = writes
    return found
