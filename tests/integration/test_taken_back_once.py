"""Announced once, and taken back once: of many who press at the same moment one does it, and the others read so."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from app.announcements import services as announcements
from app.announcements.services import Draft
from app.merging import services as merging
from app.one_to_one import services as calls
from app.recruitment.services import ParentDetails, add_parent
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from infra.clock import today
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tests.integration.test_once import AT_ONCE, history, place, press, told_once  # noqa: F401 - fixtures

_CALL = text(
    "insert into call_request (school_id, id, parent_id, caller_name, need, times, call_by)"
    " values (:school, :id, :parent, 'Carol', 'myself', '{morning}', app.now()::date + 2)"
)
_ANNOUNCEMENT = text(
    "insert into announcement (authority_id, id, heading, words, stages, roles, by_name, written_at, show_until)"
    " values (:authority, :id, 'Dates', 'Enter them.', '{active}', '{school_lead}', 'Somebody', app.now(),"
    " app.now()::date + 7)"
)


def test_what_a_council_announces_is_announced_once(place, press, history):  # noqa: F811
    world = place[1]
    before = history()
    draft = Draft("Autumn dates", "Please enter them by Friday.", "", "leads", today() + timedelta(days=7))

    answers = press(
        world.authority.admin,
        lambda session: announcements.send(session, world.authority.authority_id, "Somebody", draft),
    )

    assert sum(answer is not None for answer in answers) == 1
    told_once(before, history())


@pytest.mark.parametrize("what", ["announcement", "call"])
def test_what_many_take_back_at_once_is_taken_back_once_and_the_others_read_so(place, press, history, what):  # noqa: F811
    world, school = place[1], place[1].school
    owner = create_engine(sqlalchemy_url(place[0].url("wb_owner")))
    one, parent = new_id(), school.people["parent"]
    if what == "call":
        person, statement = parent, _CALL

        def work(session):
            return calls.take_back(session, school.school_id, parent.person_id, one)

    else:
        person, statement = world.authority.admin, _ANNOUNCEMENT

        def work(session):
            return announcements.stop(session, world.authority.authority_id, "Somebody", one)

    values = {"id": one, "school": school.school_id, "parent": parent.person_id}
    with owner.begin() as connection:
        connection.execute(statement, values | {"authority": world.authority.authority_id})
    owner.dispose()
    before = history()

    answers = press(person, work)

    assert sorted(answers) == [False] * (AT_ONCE - 1) + [True]
    told_once(before, history())


def test_two_records_are_put_together_once_and_taken_apart_once(place, press, history):  # noqa: F811
    """Given a merge, or its undo, that ten press at once, then one does it, and nobody meets an error."""
    school = place[1].school
    senco = school.people["senco"]

    def add(session):
        older = add_parent(session, school.school_id, ParentDetails("Amina", "Begum", phone="+447700900777"))
        newer = add_parent(session, school.school_id, ParentDetails("Amina", "Begam", year_group="Year 8"))
        return older.id, newer.id

    [(older, newer)] = press(senco, add, times=1)

    def merge(session):
        try:
            plan = merging.look_at(session, school.school_id, older, newer, hold=True)
        except NotFound:
            return None
        return merging.merge(session, school.school_id, plan, {})

    before = history()
    (merge_id,) = [one for one in press(senco, merge) if isinstance(one, UUID)]
    told_once(before, history())

    before = history()
    answers = press(senco, lambda session: merging.undo(session, school.school_id, merge_id))
    assert sum(isinstance(answer, merging.Undone) for answer in answers) == 1
    assert all(isinstance(answer, merging.Undone | Refused) for answer in answers)
    told_once(before, history())
