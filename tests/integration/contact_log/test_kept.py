"""What is noted of a contact goes a year after it was over, and nothing before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.contact_log.keeping import erase_old
from infra.clock import now
from infra.ids import new_id
from tenants.scope import Audience, Scope
from tests.support.own import own_app

DAYS = timedelta(days=1)


@pytest.fixture
def own(stack, world):
    with own_app(stack, "contacts_end") as found:
        yield found


@pytest.fixture
def noted(own, world):
    """Note a contact in both logs: of so many days ago, with a step of that state due and ended so many days ago."""

    def note(at: int, state: str | None = None, due: int | None = None, ended: int | None = None) -> None:
        def ago(days: int | None) -> datetime | None:
            return None if days is None else now() - days * DAYS

        planned = state is not None
        for table, more in (
            ("contact_with_parent", {"parent_id": world.school.parent.person_id}),
            ("contact_with_school", {}),
        ):
            row = {
                "school_id": world.school.school_id,
                "id": new_id(),
                "how": "phone",
                "outcome": "spoke",
                "at": ago(at),
                "noted_at": ago(at),
                "by_id": world.school.senco.person_id,
                "by_name": "Ann Lee",
                "action": "Ring again" if planned else "",
                "due_on": ago(due) if planned else None,
                "owner_id": world.school.senco.person_id if planned else None,
                "state": state,
                "ended_at": ago(ended),
                **more,
            }
            names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
            own.rows(f"insert into {table} ({names}) values ({marks})", *row.values())

    return note


@pytest.fixture
def left(own, world):
    """Let the schedule's job run, and count what is left: (of parents, of schools)."""

    def run(school=world.school) -> list[int]:
        scope = Scope(Audience.DOCUMENTS, world.authority.authority_id, school.school_id)
        with own.session("wb_documents", scope) as session:
            erase_old(session, school_id=school.school_id, moment=now())
        return [
            own.value(f"select count(*) from {table} where by_name = 'Ann Lee'")
            for table in ("contact_with_parent", "contact_with_school")
        ]

    return run


@pytest.mark.parametrize(
    ("contact", "stays"),
    [
        ({"at": 364}, True),
        ({"at": 367}, False),
        ({"at": 400, "state": "open", "due": 10}, True),
        ({"at": 800, "state": "open", "due": 400}, False),
        ({"at": 400, "state": "done", "due": 390, "ended": 20}, True),
        ({"at": 800, "state": "done", "due": 790, "ended": 400}, False),
    ],
    ids=["lately", "over", "still to do", "not done for a year", "done lately", "done long ago"],
)
def test_a_contact_goes_a_year_after_it_was_over(noted, left, contact, stays):
    noted(**contact)

    assert left() == [stays, stays]


def test_another_schools_chore_leaves_it(noted, left, world):
    noted(at=800)

    assert left(world.sibling_school) == [1, 1]


def test_the_schedule_reads_nothing_of_what_is_kept(own, world, noted):
    noted(at=100)
    scope = Scope(Audience.DOCUMENTS, world.authority.authority_id, world.school.school_id)
    with own.session("wb_documents", scope) as session:
        assert session.execute(text("select school_id, at from contact_with_parent")).all() == []


def test_the_log_says_how_long_it_is_kept(own, world):
    page = own.client(world.school.senco).get(f"/school/parents/{world.school.parent.person_id}")

    assert "kept for a year after it is over" in page.text
