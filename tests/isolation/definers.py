"""The attack table of functions that run with their owner's rights.

Each is called, by each role that may, with ids of another school, of another council, and of nobody, in each argument
that takes one.

What kind of id an argument takes is told by its name. A function that is in no group, or an argument whose name is not
known, is a fault: whoever adds one says here what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from infra.clock import now, today
from infra.ids import new_id

#: An argument's name -> the id of a place that it takes.
IDS = {
    "p_account": "account",
    "p_appointment": "appointment",
    "p_appointments": "appointments",
    "p_concern": "concern",
    "p_concerns": "concerns",
    "p_kept": "people",
    "p_new": "passkey",
    "p_outbox_id": "passkey",
    "p_provider": "passkey",
    "p_reply": "passkey",
    "p_authority": "authority",
    "p_cohort_id": "cohort",
    "p_cohort_ids": "cohorts",
    "p_credential_id": "credential",
    "p_first": "person",
    "p_hash": "session",
    "p_old_hash": "session",
    "p_id": "passkey",
    "p_membership": "membership",
    "p_new_membership": "passkey",
    "p_membership_id": "membership",
    "p_parent": "person",
    "p_stays": "person",
    "p_goes": "person",
    "p_enrolment": "passkey",
    "p_letters": "people",
    "p_people": "people",
    "p_person": "person",
    "p_person_id": "person",
    "p_school": "school",
    "p_slip": "document",
    "p_offer_id": "offer",
    "p_theme_id": "theme",
    "p_call_id": "call",
    "p_facilitator_id": "person",
    "p_signup": "signup",
    "p_link": "signup_link",
    "p_session_id": "session_id",
    "p_account_id": "account",
}

#: Where a name means something else in one function.
IDS_OF = {
    ("app.names_of_left", "p_session_id"): "meeting",
    ("app.register_begun", "p_session_id"): "meeting",
}

_FUNCTIONS = text(
    "select n.nspname || '.' || p.proname as name, p.proargnames[1:p.pronargs]::text[] as names,"
    " array(select t::regtype::text from unnest(p.proargtypes) t) as types,"
    " array(select r.rolname::text from pg_roles r where r.rolname like 'wb\\_%' and r.rolname not in"
    " ('wb_owner', 'wb_identity', 'wb_helper') and has_function_privilege(r.oid, p.oid, 'execute')) as roles"
    " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
    " where p.prosecdef and p.prorettype <> 'trigger'::regtype"
    " and n.nspname not in ('pg_catalog', 'information_schema') order by 1"
)


@dataclass(frozen=True, slots=True)
class Definer:
    """A function with its owner's rights, as the live database has it."""

    name: str
    names: list[str]
    types: list[str]
    roles: list[str]

    def id_arguments(self) -> list[int]:
        """Places of the arguments that take an id; those whose kind nobody has said are a fault."""
        found = []
        for place, (name, kind) in enumerate(zip(self.names, self.types, strict=True)):
            if name in IDS:
                found.append(place)
            elif kind in ("uuid", "uuid[]"):
                raise AssertionError(f"{self.name} takes {name}: say in definers.IDS what it is")
        return found

    def takes(self, place: int) -> str:
        """Which of a place's ids the argument takes."""
        name = self.names[place]
        return IDS_OF.get((self.name, name), IDS[name])

    def statement(self) -> str:
        given = ", ".join(f"cast(:a{place} as {kind})" for place, kind in enumerate(self.types))
        return f"select * from {self.name}({given})"


def live(connection: Connection) -> list[Definer]:
    """Every function with its owner's rights, triggers apart: nobody calls those."""
    return [
        Definer(row.name, list(row.names or []), list(row.types), list(row.roles))
        for row in connection.execute(_FUNCTIONS)
    ]


def plain_value(kind: str) -> Any:
    """Something harmless for an argument that is no id."""
    return {
        "uuid": new_id(),
        "uuid[]": [new_id()],
        "bytea": b"harmless",
        "bytea[]": [b"harmless"],
        "text": "parent",
        "text[]": ["parent"],
        "jsonb": "{}",
        "integer": 1,
        "bigint": 1,
        "boolean": False,
        "interval": timedelta(hours=1),
        "date": today(),
        "time without time zone": time(18),
        "timestamp with time zone": now() + timedelta(hours=1),
    }[kind]


def calls(definer: Definer, ids: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Values with this place's id in one argument after the other, and in all; other ids are nobody's."""
    places = definer.id_arguments()
    nobody = {f"a{n}": plain_value(kind) for n, kind in enumerate(definer.types)}
    for chosen in ([place] for place in places):
        yield nobody | {f"a{n}": ids[definer.takes(n)] for n in chosen}
    if len(places) > 1:
        yield nobody | {f"a{n}": ids[definer.takes(n)] for n in places}


def nobodys(definer: Definer) -> dict[str, Any]:
    """The same call with ids that nothing has."""
    return {f"a{n}": plain_value(kind) for n, kind in enumerate(definer.types)}


def without_ids(rows: Iterable[Any], *known: Mapping[str, Any]) -> str:
    """An answer as text, with the ids that were asked about taken out."""
    said = str(rows)
    for given in known:
        for value in given.values():
            for item in _each(value):
                said = said.replace(repr(item), "…")
    return said


def _each(value: object) -> list[object]:
    return [value, *value] if isinstance(value, list) else [value] if isinstance(value, UUID | bytes) else []
