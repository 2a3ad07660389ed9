"""A concern that went to the council's officer is the officer's to answer for; the school reads and adds."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from infra.ids import new_id
from tenants.scope import Audience, Scope
from tests.integration.safeguarding.test_readers import add_officer, waiting

SAYS = {"action": "I called her mother.", "decision": "None needed", "reason": "All is well"}


def handed(own, world, raise_one, how):
    """A concern that the officer answers for and has not read, with a safeguarding lead who can sign in."""
    if how == "no_reader":
        own.close_account(world.school.dsl)
        concern_id, _client = raise_one()
        own.open_account(world.school.dsl)
    else:
        concern_id, _client = raise_one(risk_today="yes")
        own.rows("update concern set raised_at = raised_at - interval '31 minutes' where id = %s", concern_id)
        own.client(world.authority.officer).post(f"/officer/unopened/{concern_id}/take-over")
    assert own.value("select reason from concern_handover where concern_id = %s", concern_id) == how
    return concern_id


def state_of(own, concern_id):
    (row,) = own.rows("select read_at, read_by, closed_at, closed_by from concern where id = %s", concern_id)
    return tuple(row.values())


@pytest.mark.parametrize("how", ["unopened", "no_reader"])
def test_the_school_reads_and_adds_and_the_officer_says_read_closes_and_opens_again(
    own, world, raise_one, how
):
    concern_id = handed(own, world, raise_one, how)
    dsl, place = own.client(world.school.dsl), f"/school/concerns/{concern_id}"
    page = dsl.get(place).text
    assert "Zanzibar" in page
    assert "Only they can close it, or open it again." in page
    for button in ("I have read this", "Close this concern"):
        assert button not in page

    assert dsl.post(f"{place}/read").status_code == 303
    assert "Added to the record" in dsl.post(f"{place}/actions", data=SAYS, follow_redirects=True).text
    refused = dsl.post(f"{place}/close", follow_redirects=True).text
    assert "The council’s officer answers for this concern now." in refused
    assert state_of(own, concern_id) == (None, "", None, "")
    # The world has one of its own, which waits for them.
    assert "2 concerns are waiting" not in dsl.get("/school").text

    officer, desk = own.client(world.authority.officer), f"/officer/concerns/{concern_id}"
    assert "I called her mother." in officer.get(desk).text
    officer.post(f"{desk}/read")
    officer.post(f"{desk}/close")
    assert state_of(own, concern_id)[1::2] == (world.authority.officer.name,) * 2

    assert "Open it again" not in dsl.get(place).text
    for answer in (dsl.get(f"{place}/open-again"), dsl.post(f"{place}/open-again", data={"reason": "New"})):
        assert answer.headers["Location"].endswith(place)
    assert state_of(own, concern_id)[3] == world.authority.officer.name
    assert (
        "open again" in officer.post(f"{desk}/open-again", data={"reason": "New"}, follow_redirects=True).text
    )
    assert state_of(own, concern_id)[2] is None


@pytest.mark.parametrize(
    "change",
    [
        "closed_at = app.now(), closed_by = 'Me'",
        "read_at = app.now(), read_by = 'Me'",
        "closed_at = null, closed_by = ''",
    ],
)
def test_the_database_keeps_it_from_the_school(own, world, raise_one, change):
    concern_id = handed(own, world, raise_one, "unopened")
    if "null" in change:
        own.rows("update concern set closed_at = app.now(), closed_by = 'Officer' where id = %s", concern_id)
    scope = Scope(Audience.DSL, world.authority.authority_id, world.school.school_id)
    with own.session("wb_web", scope) as session, pytest.raises(IntegrityError, match="answers for"):
        session.execute(text(f"update concern set {change} where id = :concern"), {"concern": concern_id})


def test_of_each_addition_the_officers_hear_at_once_and_nothing_of_it(own, world, raise_one):
    concern_id = handed(own, world, raise_one, "unopened")
    second = add_officer(own, world)
    place = f"/school/concerns/{concern_id}/actions"
    dsl = own.client(world.school.dsl)
    dsl.post(place, data={**SAYS, "form_id": str(new_id())})
    own.client(world.authority.officer).post(f"/officer/concerns/{concern_id}/actions", data=SAYS)

    def told():
        rows = waiting(own, "authority_outbox", "concern_added_to")
        assert "mother" not in " ".join(str(row) for row in rows)
        assert {row["recipient_id"] for row in rows} == {world.authority.officer.person_id, second["person"]}
        return len(rows)

    assert told() == 2, "of what an officer adds nobody is told"
    dsl.post(place, data={"action": "I called her mother again.", "form_id": str(new_id())})
    assert told() == 4


def test_what_a_school_adds_to_its_own_concern_is_nobody_elses_news(own, world, raise_one):
    concern_id, _client = raise_one()
    dsl, place = own.client(world.school.dsl), f"/school/concerns/{concern_id}"
    dsl.post(f"{place}/actions", data=SAYS)
    assert waiting(own, "authority_outbox", "concern_added_to") == []
    dsl.post(f"{place}/close")
    assert state_of(own, concern_id)[3] == world.school.dsl.name
    dsl.post(f"{place}/open-again", data={"reason": "New"})
    assert state_of(own, concern_id)[2] is None
