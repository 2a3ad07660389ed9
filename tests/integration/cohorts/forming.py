"""A group that staff form in a test, and people for it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import text

from infra.clock import now, today
from infra.ids import new_id
from tests.support.borrowed import as_login
from tests.support.records_of import insert_records


def soon() -> date:
    """A Monday that is at least a week away."""
    start = today() + timedelta(days=7)
    return start + timedelta(days=-start.weekday() % 7)


def typed(start: date, **changes):
    return {
        "key": str(new_id()),
        "name": "Morning group",
        "start_on": [str(start.day), str(start.month), str(start.year)],
        "starts_at": "6pm",
        "room": "Library",
        "places": "8",
        **changes,
    }


def form_one(senco, **changes) -> str:
    """Form a group; its id."""
    values = typed(soon(), step="save", **changes)
    answer = senco.post("/school/groups/new", data=values)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return values["key"]


def as_school(connection, _school, statement, /, **values):
    """Change rows of this test's transaction as the school."""
    with connection.begin_nested():
        connection.execute(text("set local role wb_school"))
        connection.execute(text("select set_config('app.school', :id, true)"), {"id": str(_school)})
        connection.execute(text(statement), values)
        connection.execute(text("reset role"))


def add_parents(connection, school_id, count, cohort_id=None):
    """Parents who wait, or who are in a group; their ids."""
    ids = [new_id() for _ in range(count)]
    for number, parent_id in enumerate(ids):
        values = {
            "school": school_id,
            "id": parent_id,
            "at": now(),
            "stage": "in_group" if cohort_id else "waiting",
        }
        as_school(
            connection,
            school_id,
            "insert into parent (school_id, id, stage, stage_changed_at, created_at)"
            " values (:school, :id, :stage, :at, :at)",
            **values,
        )
        as_school(
            connection,
            school_id,
            "insert into parent_contact (school_id, parent_id, first_name, last_name, email)"
            " values (:school, :id, :first, 'Test', :email)",
            school=school_id,
            id=parent_id,
            first=f"Person {number}",
            email=f"{parent_id}@example.org",
        )
        if cohort_id:
            as_school(
                connection,
                school_id,
                "insert into enrolment (school_id, id, cohort_id, parent_id, joined_at)"
                " values (:school, :enrolment, :cohort, :id, :at)",
                school=school_id,
                enrolment=new_id(),
                cohort=cohort_id,
                id=parent_id,
                at=now(),
            )
    return ids


def add_facilitators(connection, school_id, count):
    """People who are ready to lead; their ids."""
    ids = [new_id() for _ in range(count)]
    for number, person_id in enumerate(ids):
        as_school(
            connection,
            school_id,
            "insert into facilitator (school_id, id, name, email, stage, stage_changed_at, created_at)"
            " values (:school, :id, :name, 'someone@example.org', 'training', :at, :at)",
            school=school_id,
            id=person_id,
            name=f"Leader {number}",
            at=now(),
        )
        as_school(
            connection,
            school_id,
            "update facilitator set stage = 'ready' where school_id = :school and id = :id",
            school=school_id,
            id=person_id,
        )
        # Nobody who is signed in presses here, as a page that writes these down must have.
        with as_login(connection, "postgres"):
            insert_records(
                lambda statement, values: connection.execute(text(statement), values), school_id, person_id
            )
    return ids
