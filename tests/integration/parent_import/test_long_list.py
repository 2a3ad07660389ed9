"""A long list keeps no other school waiting, and finds at its end who else has an address of it."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import event, text

from app.recruitment import many
from app.recruitment.services import ParentDetails

SHARED = "select shared_from, shared_told_at from identity.account where id = %s"


@pytest.fixture(autouse=True)
def _every_list_is_long(monkeypatch):
    monkeypatch.setattr(many, "FEW", 0)


def somebody(name: str, phone: str) -> ParentDetails:
    return ParentDetails(first_name=name, last_name="Lee", phone=phone)


def test_another_school_adds_somebody_while_a_long_list_is_added(own, world):
    """Given a list that is being added, when another school writes down one of its numbers, then it does not wait."""
    phone = "+447700900861"
    with own.session("wb_web", world.school.senco.scope) as session:
        many.add_parents(session, world.school.school_id, [somebody("Ann", phone)])
        with own.session("wb_web", world.sibling_school.senco.scope) as other:
            other.execute(text("set local statement_timeout = '3s'"))
            many.add_parents(other, world.sibling_school.school_id, [somebody("Bo", phone)])

    assert len(own.rows("select 1 from parent_contact where phone = %s", phone)) == 2


@pytest.mark.parametrize("says", ["later", "", "held"])
def test_whoever_comes_in_while_a_long_list_is_added_is_found_at_its_end(own, world, says):
    """Whatever a statement says of the setting in between: the look at the end is the table's own."""
    parent, phone = world.sibling_school.parent, f"+44770090087{len(says)}"
    own.rows("update identity.account set shared_told_at = null where id = %s", parent.account_id)
    with own.session("wb_web", world.school.senco.scope) as session:
        many.add_parents(session, world.school.school_id, [somebody("Ann", phone)])
        session.execute(text("select set_config('app.sharing', :says, true)"), {"says": says})
        own.rows("update identity.account set phone = %s where id = %s", phone, parent.account_id)
        assert not own.rows(SHARED, parent.account_id)[0]["shared_told_at"]
    (row,) = own.rows(SHARED, parent.account_id)

    assert row["shared_told_at"]


def test_whoever_has_the_number_already_shares_it_from_then_on(own, world):
    """Given somebody who has come in by a number alone, when a long list has it, then it is shared from that day."""
    parent, phone = world.sibling_school.parent, "+447700900889"
    own.rows(
        "update identity.account set shared_from = null, phone = %s where id = %s", phone, parent.account_id
    )
    own.rows("update parent_contact set phone = %s where parent_id = %s", phone, parent.person_id)
    own.rows("update identity.account set shared_from = null where id = %s", parent.account_id)
    with own.session("wb_web", world.school.senco.scope) as session:
        many.add_parents(session, world.school.school_id, [somebody("Ann", phone)])
    (row,) = own.rows(SHARED, parent.account_id)

    assert row["shared_from"]


def test_the_end_of_a_long_list_is_short(own, world):
    people = [somebody(f"A{n}", f"+44770{n:07d}") for n in range(2_000)]
    with own.session("wb_web", world.school.senco.scope) as session:
        many.add_parents(session, world.school.school_id, people)
        begun = time.perf_counter()
        session.execute(text("set constraints all immediate"))
        took = time.perf_counter() - begun

    # Ten thousand hold everybody else up for five times as long.
    assert took < 1


def test_a_long_list_is_taken_back_without_looking_for_each_among_all(own, world):
    """Of ten thousand that took so long that the database ended the change, and nobody was taken out."""
    people = [somebody(f"A{n}", f"+44770{n:07d}") for n in range(20)]
    looked = []
    with own.session("wb_web", world.school.senco.scope) as session:
        ids = many.add_parents(session, world.school.school_id, people)

        @event.listens_for(session, "do_orm_execute")
        def note(state):
            if state.is_delete:
                looked.append(state.execution_options.get("synchronize_session", "auto"))

        gone, stay = many.remove_untouched(
            session, world.school.school_id, dict(zip(ids, people, strict=True))
        )

    assert (len(gone), stay) == (20, [])
    # those of the four tables of a parent; the household's is of one row
    assert looked.count(False) == 4
