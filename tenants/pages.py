"""A page that is opened often, read by one statement: a function of the database, which keeps its plan.

Each package writes its own statement, beside the query that it answers:

    LEADERS = Part(list_leaders, _LEADERS, takes=("school_id", "cohort_id"))

A page names the parts that it shows, and reads them ahead; its queries then find their answers there, as they do where
another asked before (`tenants/reading.py`). What a page forgot to name is asked for as ever.

    GROUP = Page("group_page", lambda: (queries.LEADERS, who_came().MARKS))
    GROUP.read_ahead(db.session, school_id=school_id, cohort_id=cohort_id)

Its text is put together from the statements (`migrations/pages.py`), and a test holds the database to
it: nobody writes a query twice, and no package names another's tables. Only in a look; elsewhere each asks itself.
`docs/decisions/0014-one-statement-a-page.md` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID

from psycopg import sql
from sqlalchemy import (
    ARRAY,
    Boolean,
    Date,
    DateTime,
    Executable,
    Time,
    Uuid,
    bindparam,
    func,
    inspect,
    select,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.types import TypeEngine

from infra.clock import LONDON, now
from tenants.reading import read_ahead
from tenants.ready import Ready, is_clean_look, row_of


class _Moment(DateTime):
    """With its time zone."""

    def __init__(self) -> None:
        super().__init__(timezone=True)


#: What every page may ask by, beside the ids that it is given: the day and the hour in England, and the moment.
_MOMENT: dict[str, type[TypeEngine[Any]]] = {
    "today": Date, "time": Time, "now": _Moment, "is_lead": Boolean,
}  # fmt: skip
_TYPES = {Uuid: "uuid", Date: "date", Time: "time", _Moment: "timestamptz", Boolean: "boolean"}
#: Where a query answered nothing, as `get_` does that raises NotFound: it is left to ask and to raise.
NOTHING = object()

Rows = Sequence[Any]
#: The session, the rows, and what the page was given.
Keep = Callable[[Any, Rows, Mapping[str, Any]], None]


def _columns(model: type[Any]) -> list[str]:
    """What a query of `model` answers: each of its columns but those that are read when a page asks."""
    return [attribute.key for attribute in inspect(model).column_attrs if not attribute.deferred]


def looked(model: type[Any]) -> Callable[[Rows], list[Any]]:
    """Makes of rows what a page shows of `model`: its columns and properties by name, which nobody can change."""
    names = _columns(model)
    made = row_of(names, name=model.__name__)
    kept = {name: value for name, value in vars(model).items() if isinstance(value, property)}
    shown = type(model.__name__, (made,), {"__slots__": (), "__doc__": model.__doc__, **kept})
    make: Callable[[Any], Any] = shown._make  # type: ignore[attr-defined]
    return lambda rows: [make(row) for row in rows]


def beside(*models: type[Any]) -> Callable[[Rows], list[tuple[Any, ...]]]:
    """The same of rows in which several models stand beside each other, and then other columns: each whole, or None."""
    make = [(looked(model), len(_columns(model))) for model in models]

    def read(rows: Rows) -> list[tuple[Any, ...]]:
        found = []
        for row in rows:
            parts, at = [], 0
            for one, width in make:
                theirs = row[at : at + width]
                # Its key comes first, and is never empty where there is a row.
                parts.append(one([theirs])[0] if theirs[0] is not None else None)
                at += width
            found.append((*parts, *row[at:]))
        return found

    return read


def only(make: Callable[[Rows], Sequence[Any]]) -> Callable[[Rows], Any]:
    """The one of them; nothing where there is none."""
    return lambda rows: make(rows)[0] if rows else NOTHING


def first(make: Callable[[Rows], Sequence[Any]]) -> Callable[[Rows], Any]:
    """The first of them; None where there is none."""
    return lambda rows: make(rows)[0] if rows else None


class Part:
    """One package's statement, and the `read_once` query that it answers.

    `takes`: the query's arguments, by the names that a page gives them, after `args`, which are the same on each page;
    `by_name`: those that it is given by name; `names`: what the statement calls one of them
    otherwise; `fixed`: values that are the same on each page. `answer` makes of the rows what the query answers;
    `keep` puts the answers of several queries where they belong. `gives`: what parts after it are asked by, by the
    names of its columns, from its first row; a page that has it is not given that.
    """

    def __init__(
        self,
        query: Callable[..., Any] | None,
        statement: Ready | Executable,
        *,
        takes: Sequence[str] = (),
        names: Mapping[str, str] | None = None,
        fixed: Mapping[str, Any] | None = None,
        args: Sequence[Any] = (),
        by_name: Sequence[str] = (),
        answer: Callable[[Rows], Any] = list,
        keep: Keep | None = None,
        gives: Mapping[str, str] | None = None,
    ) -> None:
        self.query, self.takes = query, takes
        self.gives = gives or {}
        self.statement = statement.statement if isinstance(statement, Ready) else statement
        self._names, self._fixed, self._args = names or {}, fixed or {}, tuple(args)
        self._by_name = by_name
        self._answer, self._keep = answer, keep

    @cached_property
    def _compiled(self) -> tuple[str, Mapping[str, Any], list[str], list[TypeEngine[Any]]]:
        """The driver's words, the values that stand in them, and the columns with their types."""
        dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
        made: Any = self.statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        if moving := [name for name, value in made.binds.items() if value.callable is not None]:
            raise TypeError(f"found anew each time: {', '.join(moving)}")
        # Without their own values; those of the page get their places below.
        unknown = [name for name, value in made.binds.items() if value.required]
        whole = made.construct_expanded_state({**dict.fromkeys(unknown), **self._fixed})
        values = {
            name: process(value) if (process := whole.processors.get(name)) and value is not None else value
            for name, value in whole.parameters.items()
        }
        columns = made._result_columns
        if not columns:
            raise TypeError(f"its columns have no names: {whole.statement}")
        asked = {*unknown} - {*self._fixed}
        fixed = {
            name: value.value if isinstance(value, Enum) else value
            for name, value in values.items()
            if name not in asked
        }
        return whole.statement, fixed, [column.keyname for column in columns], [one.type for one in columns]

    @property
    def types(self) -> list[TypeEngine[Any]]:
        """Of its columns."""
        return self._compiled[3]

    @property
    def wanted(self) -> set[str]:
        """What the page has to know for it, by its own names."""
        words, fixed, _columns, _types = self._compiled
        names = _Names()
        words % names
        return {self._names.get(name, name) for name in names.asked - set(fixed)}

    def as_sql(self) -> tuple[str, int]:
        """The statement with the function's arguments in it, and how many columns it has: for `migrations/pages.py`."""
        words, fixed, columns, _types = self._compiled
        values = _Names({name: sql.Literal(value).as_string(None) for name, value in fixed.items()})
        values.other = {name: f"p_{wanted}" for name, wanted in self._names.items()}
        return words % values, len(columns)

    @property
    def given(self) -> list[tuple[str, str, int]]:
        """What it gives: the name, its type, and the place of its column."""
        _words, _fixed, columns, types = self._compiled
        places = {name: columns.index(column) for name, column in self.gives.items()}
        return [(name, _kind_of(types[place]), place) for name, place in places.items()]

    @cached_property
    def _rows(self) -> Callable[[list[list[Any]], dict[Any, Any]], list[Any]]:
        _words, _fixed, names, types = self._compiled
        mends = [(place, mend) for place, kind in enumerate(types) if (mend := mend_of(kind))]
        make = row_of(names)

        def read(rows: list[list[Any]], known: dict[Any, Any]) -> list[Any]:
            for row in rows:
                for place, mend in mends:
                    value = row[place]
                    if value is None:
                        continue
                    if type(value) is str:
                        # The same ids and days come again and again.
                        mended = known.get(key := (mend, value))
                        row[place] = known.setdefault(key, mend(value)) if mended is None else mended
                    else:
                        row[place] = mend(value)
            return [make._make(row) for row in rows]

        return read

    def answered(
        self, session: Any, rows: list[list[Any]] | None, values: dict[str, Any], known: dict[Any, Any]
    ) -> None:
        """Have the answer ready for who asks the query. `known`: values of this page that were read before."""
        found = self._rows(rows or [], known)
        for name, column in self.gives.items():
            values[name] = getattr(found[0], column) if found else None
        if self._keep is not None:
            self._keep(session, found, values)
        if self.query is not None and (answer := self._answer(found)) is not NOTHING:
            given = [values[name] for name in self.takes]
            options = {name: values[name] for name in self._by_name}
            read_ahead(session, self.query, *self._args, *given, answer=answer, **options)


def own_part(
    query: Callable[..., Any],
    statement: Ready | Executable,
    answer: Callable[[Rows], Any] = list,
    *,
    also: Sequence[str] = (),
    gives: Mapping[str, str] | None = None,
) -> Part:
    """A part of a parent's own page, asked by their school, themselves (`parent_id` in its statement), then `also`."""
    takes = ("school_id", "person_id", *also)
    return Part(query, statement, takes=takes, names={"parent_id": "person_id"}, answer=answer, gives=gives)


class Page:
    """What one page shows, asked by one function of schema `app`. `parts`: in the order of its answers."""

    def __init__(self, function: str, parts: Callable[[], Iterable[Part]]) -> None:
        self.function = function
        self._named = parts
        PAGES[function] = self

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        # Several voices of a home may name one part.
        return tuple(dict.fromkeys(self._named()))

    @cached_property
    def arguments(self) -> list[tuple[str, str]]:
        """Names and types, in the order of the alphabet."""
        wanted = set().union(*(part.wanted for part in self.parts))
        given = {name for part in self.parts for name in part.gives}
        return [(name, _TYPES[_MOMENT.get(name, Uuid)]) for name in sorted(wanted - given)]

    def as_sql(self) -> tuple[list[tuple[str, int]], list[tuple[str, str, str, int, int]]]:
        """Its statements, and what is found before them, for `migrations/pages.py`."""
        found = [(*one, *part.as_sql()) for part in self.parts for one in part.given]
        return (
            [part.as_sql() for part in self.parts],
            [(name, kind, words, count, place) for name, kind, place, words, count in found],
        )

    @cached_property
    def _statement(self) -> Ready:
        given = [bindparam(name, type_=_MOMENT.get(name, Uuid)()) for name, _kind in self.arguments]
        return Ready(select(getattr(func.app, self.function)(*given).label("answers")))

    def read_ahead(self, session: Any, /, **ids: UUID | bool) -> None:
        """Ask everything by one statement, in the reader's own scope. In a look; elsewhere nothing is read."""
        own = session() if callable(session) else session
        if not is_clean_look(own):
            return
        moment = now()
        local = moment.astimezone(LONDON)
        values = {**ids, "today": local.date(), "time": local.time(), "now": moment}
        row = self._statement.all(own, {name: values[name] for name, _kind in self.arguments})[0]
        known: dict[Any, Any] = {}
        for part, rows in zip(self.parts, row.answers, strict=True):
            part.answered(own, rows, values, known)


#: Every page of the product that is read so, by its function.
PAGES: dict[str, Page] = {}


def _kind_of(kind: TypeEngine[Any]) -> str:
    return next(words for of, words in _TYPES.items() if isinstance(kind, of))


class _Names(dict[str, str]):
    """What stands for each value in a statement: a literal, or the function's argument. `asked`: every name."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        super().__init__(known or {})
        self.asked: set[str] = set()
        self.other: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.get(name) or self.other.get(name) or f"p_{name}"


def mend_of(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What makes of a value as JSON has it the one that the driver would give."""
    if isinstance(kind, ARRAY):
        mend = mend_of(kind.item_type)
        return (lambda values: [mend(value) for value in values]) if mend else None
    return next((mend for of, mend in _MENDS if isinstance(kind, of)), None)


_MENDS: tuple[tuple[type[TypeEngine[Any]], Callable[[Any], Any]], ...] = (
    (Uuid, UUID),
    (DateTime, datetime.fromisoformat),
    (Date, date.fromisoformat),
    (Time, time.fromisoformat),
)
