"""What a page asks of the database: libpq's own trace, so nothing that is sent goes uncounted."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.pq import Trace
from sqlalchemy import Engine, event

#: The server says so at the end of each trip.
_ANSWERED = re.compile(r"^B\t\d+\tReadyForQuery\t", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """One request: its trips, and what was executed, statement and values."""

    trips: int
    statements: tuple[tuple[str, str], ...]

    @property
    def same_twice(self) -> list[str]:
        """Statements that were sent more than once with the same values."""
        return sorted(text for (text, _), times in Counter(self.statements).items() if times > 1)

    @property
    def repeated(self) -> list[str]:
        """Statements that were sent more than once, whatever the values: what a loop over rows looks like."""
        return sorted(
            text for text, times in Counter(text for text, _ in self.statements).items() if times > 1
        )


class Trips:
    """Counts what the connections of some engines send. They have to be new: opened while this watches."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._statements: list[tuple[str, str]] = []

    def watch(self, engine: Engine) -> None:
        event.listen(engine, "connect", self._trace)
        event.listen(engine, "before_cursor_execute", self._note)
        engine.dispose()

    def _trace(self, connection: Any, _record: object) -> None:
        connection.pgconn.trace(self._file)
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        # Keeping a statement prepared is a trip of its own, once; it is none of the page's.
        connection.prepare_threshold = None

    def _note(self, _connection: object, _cursor: object, text: str, values: object, *_rest: object) -> None:
        self._statements.append((text, repr(values)))

    @contextmanager
    def counted(self) -> Iterator[list[Asked]]:
        """A list that holds, afterwards, what was asked inside."""
        before = self._path.stat().st_size
        self._statements.clear()
        found: list[Asked] = []
        yield found
        with self._path.open(encoding="utf-8", errors="replace") as trace:
            trace.seek(before)
            sent = trace.read()
        found.append(Asked(len(_ANSWERED.findall(sent)), tuple(self._statements)))


@contextmanager
def trips_of(*engines: Engine) -> Iterator[Trips]:
    """Watch these engines."""
    with tempfile.TemporaryDirectory() as folder:
        found = Trips(Path(folder) / "trace")
        for engine in engines:
            found.watch(engine)
        yield found
        for engine in engines:
            event.remove(engine, "connect", found._trace)
            event.remove(engine, "before_cursor_execute", found._note)
            engine.dispose()
