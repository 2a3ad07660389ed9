"""Several questions of a page to the database in one trip, each asked by a query that knows of no other.

    with together(db.session) as ask:
        school = ask(get_school, school_id)
        groups = ask(list_groups, school_id)
    render_template(..., school=school.value, groups=groups.value)

Each query runs on a greenlet of its own until it wants to send a statement. When all have come so far, what they want
goes out at once (libpq's pipeline), and each goes on with its answer. So a page makes as many trips as its longest
chain of questions that need each other's answers, and not as many as it has questions. Nothing runs at the same time:
there is one thread, and one transaction in one scope. `docs/decisions/0011-asking-together.md` says why.

Only for looking: in a request that may write, each query is asked where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import psycopg
from greenlet import greenlet
from sqlalchemy import Engine, Executable, Row, event

#: Where a session that only looks keeps what it was answered (`tenants/reading.py`).
KEPT = "read_once"
#: There in place of an answer that another reader of the same `together` is asking for.
ON_ITS_WAY = object()

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A statement that is ready to go, and where its answer belongs."""

    cursor: psycopg.Cursor[Any]
    statement: Any
    parameters: Any


class _NotWanted(Exception):
    """Whoever asked has no use for the answer any more."""


class _Reader:
    """One query on its way. `asked`: what it waits for; nothing where another reader has to go first."""

    def __init__(self, query: Callable[[], None]) -> None:
        self._query = query
        self._way = greenlet(self._begin)
        # Who asks, and in which request and language, is the same for all.
        self._way.gr_context = copy_context()
        self.asked: Sequence[_Asked] = ()

    @property
    def is_done(self) -> bool:
        return bool(self._way.dead)

    def go_on(self, error: BaseException | None = None) -> None:
        """Until it asks for something, or has its answer. `error`: what became of what it asked for."""
        asked = self._way.throw(error) if error is not None else self._way.switch()
        self.asked = asked or ()

    def ask(self, asked: Sequence[_Asked]) -> None:
        """From within: wait until whoever goes on with it has sent these. Raises what the sending raised."""
        self._way.parent.switch(asked)

    def give_up(self) -> None:
        """End it where it stands. Not by greenlet's own exit, for which SQLAlchemy throws the connection away."""
        while not self.is_done:
            self._way.throw(_NotWanted())

    def _begin(self) -> None:
        _READER.set(self)
        self._query()


#: Which of several readers this is; none outside `together`.
_READER: ContextVar[_Reader | None] = ContextVar("reader", default=None)


class Later(Generic[R]):
    """An answer that is there once the `with` is over."""

    def __init__(self, query: Callable[[], R]) -> None:
        self._query = query
        self._error: BaseException | None = None
        self._answer: R

    @property
    def value(self) -> R:
        """The answer. Raises what the query raised."""
        if self._error is not None:
            raise self._error
        return self._answer

    def _run(self) -> None:
        try:
            self._answer = self._query()
        except Exception as error:
            self._error = error


class Ask:
    """Takes the questions of one `together`."""

    def __init__(self, session: Any, *, at_once: bool) -> None:
        self._session = session
        self._at_once = at_once
        self._under_way: list[_Reader] = []

    def __call__(
        self, query: Callable[Concatenate[Any, P], R], *args: P.args, **options: P.kwargs
    ) -> Later[R]:
        """`query(session, *args)`, whose answer comes with the others'."""
        later = Later(lambda: query(self._session, *args, **options))
        if self._at_once and not self._is_kept(query, args, options):
            self._let(_Reader(later._run))
        else:
            later._run()
        return later

    def rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Later[Sequence[Row[*tuple[Any, ...]]]]:
        """The rows of one statement, with the others' answers."""
        return self(lambda session: session.execute(statement, values).all())

    def _is_kept(
        self, query: Callable[..., Any], args: tuple[object, ...], options: Mapping[str, object]
    ) -> bool:
        """Whether the answer is there already: nothing has to wait for it."""
        asked = getattr(query, "__wrapped__", None)
        key = (asked, args, tuple(sorted(options.items())))
        return asked is not None and self._session.info[KEPT].get(key, ON_ITS_WAY) is not ON_ITS_WAY

    def _let(self, reader: _Reader, error: BaseException | None = None) -> None:
        reader.go_on(error)
        if not reader.is_done:
            self._under_way.append(reader)

    def _finish(self) -> None:
        """Trip after trip, until every query has its answer."""
        while self._under_way:
            readers, self._under_way = self._under_way, []
            error = None
            try:
                _send([asked for reader in readers for asked in reader.asked])
            except Exception as failed:
                error = failed
            for reader in readers:
                self._let(reader, error if reader.asked else None)

    def _give_up(self) -> None:
        for reader in self._under_way:
            reader.give_up()
        self._under_way = []


@contextmanager
def together(session: Any) -> Iterator[Ask]:
    """Ask several queries in as few trips as they allow; their answers are there after the `with`.

    What one of them raises is raised by its `value`. Within another `together` their statements go along with its own.
    """
    is_look = KEPT in session.info
    if is_look:
        session.connection()  # begun, and in its scope, before several ask
    ask = Ask(session, at_once=is_look)
    try:
        yield ask
        ask._finish()
    finally:
        ask._give_up()


def is_together() -> bool:
    """Whether who runs this is one of several readers."""
    return _READER.get() is not None


def wait_for_others() -> None:
    """Let the other readers of this `together` go first. Raises LookupError where there are none."""
    reader = _READER.get()
    if reader is None:
        raise LookupError("nobody else is reading")
    reader.ask(())


def send(cursor: psycopg.Cursor[Any], statement: str, parameters: Mapping[str, Any]) -> None:
    """Send a statement on the driver's own cursor, in a reader with what the others want."""
    _send([_Asked(cursor, statement, parameters)])


def _send(asked: Sequence[_Asked]) -> None:
    reader = _READER.get()
    if reader is not None:
        reader.ask(asked)
        return
    by_connection: dict[psycopg.Connection[Any], list[_Asked]] = {}
    for one in asked:
        by_connection.setdefault(one.cursor.connection, []).append(one)
    for connection, theirs in by_connection.items():
        with connection.pipeline() if len(theirs) > 1 else nullcontext():
            for one in theirs:
                one.cursor.execute(one.statement, one.parameters)


#: What begins or ends a part of the transaction, and its scope: nobody else may ask before it is done.
_AT_ONCE = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK ", "select set_config('role'")


@event.listens_for(Engine, "do_execute")
def _wait_for_the_trip(cursor: Any, statement: str, parameters: Any, _context: object) -> bool:
    """In a reader: ask whoever started it to send this with what the others want. True: it was sent."""
    if not is_together() or statement.startswith(_AT_ONCE):
        return False
    _send([_Asked(cursor, statement, parameters)])
    return True
