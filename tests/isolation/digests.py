"""Fingerprints of everything that a place of the world holds, so that a change to it cannot go unseen."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, text

from tests.support.world import Authority, School

OWNER_COLUMNS = ("school_id", "authority_id", "in_school", "in_authority", "about_school_id")

_TABLES = text(
    "select n.nspname, c.relname, array_agg(a.attname::text order by a.attnum) from pg_class c"
    " join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid"
    " where n.nspname in ('public', 'identity', 'published') and c.relkind = 'r' and a.atttypid = 'uuid'::regtype"
    " and not a.attisdropped group by 1, 2 order by 1, 2"
)


class Digests:
    """Reads, as the superuser and inside the connection's own transaction, what belongs to the places given."""

    #: Which columns say whose a row is.
    columns: tuple[str, ...] = OWNER_COLUMNS

    def __init__(
        self, connection: Connection, schools: Iterable[School], authorities: Iterable[Authority]
    ) -> None:
        self.connection = connection
        self.owners: list[UUID] = [school.school_id for school in schools]
        self.owners += [authority.authority_id for authority in authorities]
        self._query = text(" union all ".join(self._selects()))

    def _selects(self) -> list[str]:
        selects = []
        for schema, table, columns in self.connection.execute(_TABLES).all():
            keys = [column for column in self.columns if column in columns]
            if keys:
                theirs = " or ".join(f"t.{key} = any (:owners)" for key in keys)
                selects.append(
                    f"select '{schema}.{table}', md5(coalesce(string_agg(t::text, '|' order by t::text), ''))"
                    f" from {schema}.{table} t where {theirs}"
                )
        if len(selects) < 40:
            raise AssertionError("the tables of schools and authorities were not found")
        return selects

    def take(self) -> dict[str, str]:
        """Table -> fingerprint of the rows of these places, as this transaction sees them now."""
        step = self.connection.begin_nested()
        try:
            self.connection.execute(text("set local session authorization default"))
            rows = self.connection.execute(self._query, {"owners": self.owners}).all()
        finally:
            step.rollback()
        return dict(rows)
