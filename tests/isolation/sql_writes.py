"""What SQL says of somebody: which tables a statement, a function or a trigger of the live database writes."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

CONTACT, STAGE, MEMBERSHIP, INVITATION = "contact", "stage", "membership", "invitation"
#: Not what is meant: the day somebody came in first, a password, a code's last step.
NOTHING = ""
EVERYTHING = frozenset({CONTACT, STAGE, MEMBERSHIP, INVITATION})
#: What a row of a table says of somebody. Columns that are not named are of the first kind.
TABLES: dict[str, dict[str, str]] = {
    "parent": {"": STAGE},
    "parent_contact": {"": CONTACT},
    "facilitator": {"": STAGE, "email": CONTACT, "phone": CONTACT, "parent_id": MEMBERSHIP},
    "staff_member": {"": MEMBERSHIP, "email": CONTACT, "accepted_at": NOTHING, "job_title": NOTHING},
    "authority_member": {"": MEMBERSHIP, "email": CONTACT, "accepted_at": NOTHING, "job_title": NOTHING},
    "enrolment": {"": MEMBERSHIP},
    "cohort_facilitator": {"": MEMBERSHIP},
    "appointment": {"": MEMBERSHIP, "done_at": NOTHING},
    "authority_appointment": {"": MEMBERSHIP, "done_at": NOTHING},
    "fresh_start": {"": INVITATION},
    "identity.account": {"": NOTHING, "email": CONTACT, "phone": CONTACT},
    "identity.membership": {"": MEMBERSHIP},
    "identity.token": {"": INVITATION},
}
_SQL = re.compile(
    r"\b(insert\s+into|update|delete\s+from)\s+(?:only\s+)?(?:public\.)?((?:identity\.)?\w+)", re.I
)
_SET = re.compile(r"\bset\s(.*?)(?:\bwhere\b|\breturning\b|\bfrom\b|;|$)", re.I | re.S)
_COLUMN = re.compile(r"(?:^|,|\(|\.)\s*(\w+)\s*=")
OPEN_SQL = re.compile(r"\b(insert\s+into|update|delete\s+from)\s+(?:public\.)?$", re.I)
_CALL = re.compile(r"\b((?:identity|app)\.\w+)\s*\(")


class Database:
    """What functions and triggers of the live database write."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(
            text(
                "select n.nspname || '.' || p.proname as name, p.prosrc as body from pg_proc p"
                " join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('app', 'identity')"
            )
        ).all()
        self.bodies: dict[str, str] = {}
        for row in rows:
            self.bodies[row.name] = self.bodies.get(row.name, "") + "\n" + row.body
        self.triggers: dict[str, set[str]] = {}
        for row in connection.execute(
            text(
                "select c.relname, n.nspname as place, f.nspname || '.' || p.proname as function from pg_trigger t"
                " join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace"
                " join pg_proc p on p.oid = t.tgfoid join pg_namespace f on f.oid = p.pronamespace"
                " where not t.tgisinternal"
            )
        ):
            name = row.relname if row.place == "public" else f"{row.place}.{row.relname}"
            self.triggers.setdefault(name, set()).add(row.function)
        #: Of each function that was asked for, what it may change.
        self.known: dict[str, frozenset[str]] = {}

    def of_table(self, table: str, columns: frozenset[str] = frozenset()) -> frozenset[str]:
        """What a write to `table` says of somebody, itself or by a trigger; `columns`: of these alone."""
        said = set(_said(table, columns))
        for function in self.triggers.get(table, ()):
            said |= self.of_function(function)
        return frozenset(said)

    def of_function(self, name: str) -> frozenset[str]:
        """What calling this function of the database may change."""
        if name not in self.known:
            self.known[name] = self.of_text(self.bodies.get(name, ""))
        return self.known[name]

    def of_text(self, statement: str) -> frozenset[str]:
        """What this SQL may change, by everything that it calls or sets off, however they call each other."""
        said, waiting, called = set[str](), [statement], set[str]()
        while waiting:
            of_this, functions = self._one_text(waiting.pop())
            said |= of_this
            waiting += [self.bodies.get(function, "") for function in functions - called]
            called |= functions
        return frozenset(said)

    def _one_text(self, statement: str) -> tuple[set[str], set[str]]:
        """What this SQL says by itself, and the functions that it calls or sets off."""
        said = set[str]()
        functions = {called for called in _CALL.findall(statement) if called in self.bodies}
        for match in _SQL.finditer(statement):
            columns: frozenset[str] = frozenset()
            if match[1].lower() == "update" and (given := _SET.search(statement, match.end())):
                columns = frozenset(_COLUMN.findall(given[1]))
            said |= _said(match[2], columns)
            functions |= self.triggers.get(match[2], set())
        return said, functions


def _said(table: str, columns: frozenset[str]) -> set[str]:
    """What a row of `table` says of somebody; `columns`: what these alone say."""
    kinds = TABLES.get(table, {})
    found = {kinds.get(column, kinds[""]) for column in columns} if columns and kinds else set(kinds.values())
    return found - {NOTHING}
