"""The five pages that people open most, each signed in as somebody of one school or its council."""

from __future__ import annotations

from uuid import UUID

import psycopg

from bench.data import Fleet
from bench.pages import sign_in
from infra.ids import new_id


def hot_pages(fleet: Fleet) -> list[tuple[str, str, str]]:
    """Name, path and cookie of each."""
    with psycopg.connect(fleet.superuser_url, autocommit=True) as connection:
        # Nobody appointed them, and nobody has to: the rows are invented.
        connection.execute("set session_replication_role = replica")
        ids = {"school_id": fleet.school_id, "cohort_id": fleet.cohort_id}
        session_id, parent_id, facilitator_id = connection.execute(
            "select s.id, e.parent_id, f.facilitator_id from cohort_session s"
            " join enrolment e using (school_id, cohort_id) join cohort_facilitator f using (school_id, cohort_id)"
            " where s.school_id = %(school_id)s and s.cohort_id = %(cohort_id)s and s.state = 'planned'"
            " order by e.parent_id, f.facilitator_id limit 1",
            ids,
        ).fetchall()[0]
        parent = _member(connection, fleet, "parent", fleet.school_id, parent_id)
        facilitator = _member(connection, fleet, "facilitator", fleet.school_id, facilitator_id)
        officer = _member(connection, fleet, "authority_admin", None, new_id())
    return [
        ("a group, for staff", f"/school/groups/{fleet.cohort_id}", sign_in(fleet, fleet.membership_id)),
        ("a parent's home", "/my", sign_in(fleet, parent)),
        ("a school's home", "/school", sign_in(fleet, fleet.membership_id)),
        ("tonight, for who leads", f"/group/sessions/{session_id}/tonight", sign_in(fleet, facilitator)),
        ("a council's home", "/authority", sign_in(fleet, officer)),
    ]


def _member(
    connection: psycopg.Connection, fleet: Fleet, role: str, school_id: UUID | None, person_id: UUID
) -> UUID:
    """Somebody in this role, by their membership."""
    membership_id = new_id()
    connection.execute(
        "select identity.found_account(%s, %s, %s, null, %s, %s, %s, %s, %s)",
        (
            new_id(), membership_id, f"{membership_id}@example.org", role, role, fleet.authority_id, school_id,
            person_id,
        ),
    )  # fmt: skip
    return membership_id
