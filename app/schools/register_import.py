"""Brings a file of the school register into `register_school`: all of it or, if anything stops it, nothing.

The register is national and the operator's; this runs as the tables' owner. Rows that are as we have them
are recognised by a digest and never sent to the database, so a second import of the same file writes nothing;
the rest go by COPY into a temporary table and from there in one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.errors import LockNotAvailable
from psycopg.types.json import Jsonb

from app.schools.register_file import RegisterFile, Row
from app.schools.register_school import CLOSED, FIRST_INVENTED_URN, School
from app.shell.dates import in_words
from infra import clock
from infra.ids import new_id

#: How many remarks and closed schools the record of a run keeps; the report file has them all.
KEPT_REMARKS = 200
KEPT_CLOSED = 1000
LOCK_WAIT = "10s"

_FIELDS = sql.SQL(", ").join(sql.Identifier(name) for name in (*School._fields, "row_digest"))
_NEWEST = sql.SQL("(select distinct on (urn) * from register_staged order by urn, line desc) s")


class ImportBusy(RuntimeError):
    """Another import of the register is running. Wait until it is done and start again."""


class OlderEdition(RuntimeError):
    """The file is of an earlier day than the one that was brought in last; the message says which."""


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What became of the file's rows. They add up: each row is in one of these."""

    added: int
    changed: int
    closed: int
    unchanged: int
    rejected: int
    #: Open schools of ours that this file does not name; nothing closes by being absent, but somebody should look.
    not_in_file: int = field(default=0, compare=False)
    edition: date | None = field(default=None, compare=False)

    def as_dict(self) -> dict[str, int]:
        """The five that add up to the file's rows."""
        return {name: getattr(self, name) for name in ("added", "changed", "closed", "unchanged", "rejected")}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell about a line: it was `rejected`, `replaced` by a later one, `kept`, or a `note`."""

    line: int
    urn: str
    kind: str
    words: str


class _Sorter:
    """Goes through the file once, hands on the rows that differ from what is stored, and counts."""

    def __init__(self, stored: dict[int, bytes], remark: Callable[[Remark], None]) -> None:
        self._stored = stored
        self._remark = remark
        self._line_of: dict[int, int] = {}
        self.rows = self.rejected = 0

    @property
    def urns(self) -> set[int]:
        """The schools that the file names."""
        return set(self._line_of)

    def differing(self, rows: Iterator[Row]) -> Iterator[tuple[object, ...]]:
        """`(line, *fields, digest)` of every row that may have to be written."""
        for row in rows:
            self.rows += 1
            if row.school is None:
                self.rejected += 1
                self._remark(Remark(row.line, row.urn, "rejected", row.remarks[0]))
                continue
            for words in row.remarks:
                self._remark(Remark(row.line, row.urn, "note", words))
            urn, digest = row.school.urn, row.school.digest()
            seen_before = urn in self._line_of
            if seen_before:
                words = f"Line {row.line} has the same URN and counts instead."
                self._remark(Remark(self._line_of[urn], row.urn, "replaced", words))
            self._line_of[urn] = row.line
            stored = self._stored.get(urn)
            if stored is not None and urn >= FIRST_INVENTED_URN:
                if stored != digest:
                    self._remark(
                        Remark(
                            row.line, row.urn, "kept", "URNs from 990001 are invented schools; left as is."
                        )
                    )
                continue
            # A row equal to what is stored may still have to undo an earlier line of the same school.
            if stored != digest or seen_before:
                yield (row.line, *row.school, digest)


def import_register(
    connection: psycopg.Connection,
    file: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    remark: Callable[[Remark], None] | None = None,
    today: date | None = None,
    edition: date | None = None,
    older: bool = False,
) -> ImportCounts:
    """Bring `file` into the register; the caller commits.

    A school closes by its status or close date, never by absence. Of two lines with one URN the last counts;
    the earlier is `unchanged`, since it changes nothing. `progress` hears bytes read and bytes in all;
    `remark` hears of every line that needs a word. `edition`: the day that the file is of, where its name does not
    say. Raises RegisterFileError, ImportBusy, and OlderEdition unless `older` is wanted: roll back then.
    """
    started_at = clock.now()
    source = RegisterFile(file)
    kept: list[Remark] = []
    remarks = 0

    def keep(told: Remark) -> None:
        nonlocal remarks
        remarks += 1
        if len(kept) < KEPT_REMARKS:
            kept.append(told)
        if remark:
            remark(told)

    with connection.cursor() as cursor:
        _lock(cursor)
        cursor.execute("select urn, row_digest, is_open from register_school", binary=True)
        stored = cursor.fetchall()
        sorter = _Sorter({urn: digest for urn, digest, _open in stored}, keep)
        rows = source.rows(today=today or clock.today(), progress=progress)
        _stage(cursor, sorter.differing(rows))
        edition = edition or source.edition
        if not older:
            _refuse_older(cursor, edition)
        added, changed, closed = _compare(cursor)
        closed_urns = _closed_urns(cursor) if closed else []
        _write(cursor)
        cursor.execute("drop table register_staged")
        named = sorter.urns
        counts = ImportCounts(
            added=added,
            changed=changed,
            closed=closed,
            unchanged=sorter.rows - sorter.rejected - added - changed - closed,
            rejected=sorter.rejected,
            not_in_file=sum(
                is_open and urn < FIRST_INVENTED_URN and urn not in named for urn, _digest, is_open in stored
            ),
            edition=edition,
        )
        report = {
            "edition": edition.isoformat() if edition else None,
            "not_in_file": counts.not_in_file,
            "encoding": source.encoding,
            "rows": sorter.rows,
            "closed_urns": closed_urns,
            "remarks": remarks,
            "first_remarks": [asdict(told) for told in kept],
        }
        cursor.execute(
            "insert into register_import (id, started_at, finished_at, file_name,"
            " added, changed, closed, unchanged, rejected, report)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (new_id(), started_at, clock.now(), file.name, *counts.as_dict().values(), Jsonb(report)),
        )
    return counts


def _lock(cursor: psycopg.Cursor) -> None:
    """Keep other imports out until the end of the transaction; readers are not held up."""
    cursor.execute("select set_config('lock_timeout', %s, true)", (LOCK_WAIT,))
    try:
        cursor.execute("lock table register_school in share row exclusive mode")
    except LockNotAvailable:
        raise ImportBusy("Another import is running. Wait until it is done and start again.") from None


_LAST_EDITION = (
    "select max((report->>'edition')::date) from register_import where jsonb_typeof(report) = 'object'"
)


def _refuse_older(cursor: psycopg.Cursor, edition: date | None) -> None:
    """Raise OlderEdition where the last one that was brought in is of a later day."""
    cursor.execute(_LAST_EDITION)
    [last] = cursor.fetchone() or (None,)
    if edition and last and edition < last:
        of, here = (in_words(day, always_year=True) for day in (edition, last))
        raise OlderEdition(
            f"This file is of {of}, and one of {here} is here already: schools that changed in between would go back."
            " Give the newer file, or say --older if you mean it."
        )


def _stage(cursor: psycopg.Cursor, rows: Iterator[tuple[object, ...]]) -> None:
    cursor.execute(
        sql.SQL(
            "create temporary table register_staged on commit drop as"
            " select 0 as line, {fields} from register_school with no data"
        ).format(fields=_FIELDS)
    )
    with cursor.copy(
        sql.SQL("copy register_staged (line, {fields}) from stdin").format(fields=_FIELDS)
    ) as copy:
        for row in rows:
            copy.write_row(row)


#: A staged row that was the same all along (an earlier line differed) is in none of the three counts.
_COMPARE = sql.SQL(
    "select count(*) filter (where r.urn is null),"
    " count(*) filter (where r.row_digest <> s.row_digest"
    " and not (s.status = {closed} and r.status <> {closed})),"
    " count(*) filter (where s.status = {closed} and r.status <> {closed})"
    " from {newest} left join register_school r using (urn)"
).format(newest=_NEWEST, closed=sql.Literal(CLOSED))


def _compare(cursor: psycopg.Cursor) -> tuple[int, int, int]:
    cursor.execute(_COMPARE)
    added, changed, closed = cursor.fetchone() or (0, 0, 0)
    return added, changed, closed


def _closed_urns(cursor: psycopg.Cursor) -> list[int]:
    cursor.execute(
        sql.SQL(
            "select s.urn from {newest} join register_school r using (urn)"
            " where s.status = {closed} and r.status <> {closed} order by 1 limit {limit}"
        ).format(newest=_NEWEST, closed=sql.Literal(CLOSED), limit=sql.Literal(KEPT_CLOSED))
    )
    return [urn for (urn,) in cursor]


def _write(cursor: psycopg.Cursor) -> None:
    updates = sql.SQL(", ").join(
        sql.SQL("{field} = excluded.{field}").format(field=sql.Identifier(name))
        for name in (*School._fields[1:], "row_digest")
    )
    cursor.execute(
        sql.SQL(
            "insert into register_school ({fields}) select {fields} from {newest}"
            " on conflict (urn) do update set {updates}, imported_at = app.now()"
            " where register_school.row_digest <> excluded.row_digest"
        ).format(fields=_FIELDS, newest=_NEWEST, updates=updates)
    )
