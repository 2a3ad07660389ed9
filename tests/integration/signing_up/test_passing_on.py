"""Those who know parents pass one on by a link of the school; without the parent's own word it is forgotten."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.extensions import db
from app.signing_up import services
from tests.integration.signing_up.conftest import OVERVIEW, RUTH
from tests.integration.test_stale_presses import sent
from tests.support.borrowed import as_login

HUB = {"kind": "family_hub", "organisation": "Hill Road Family Hub"}
PARENT = {"first_name": "Ruth", "last_name": "Newcomer", "phone": "07700 900751", "agreed": "y"}


@pytest.fixture
def link(senco) -> str:
    """The path of a family hub's link."""
    page = senco.post(f"{OVERVIEW}/links/new", data=HUB, follow_redirects=True)
    found = re.search(r"/pass-on/[0-9a-z-]+", page.text)
    assert found
    return found.group()


@pytest.fixture
def in_list(senco, stranger, link, rows):
    """Ruth was passed on, and staff took her into their list; her id there."""
    stranger.post(link, data=PARENT)
    at = f"{OVERVIEW}/{rows()[0].id}"
    senco.post(at, data=sent(senco.get(at).text, "") | {"knows": "y"})
    return rows()[0].parent_id


@pytest.fixture
def forget(connection, world, rows):
    """`forget(days)`: what the schedule does so many days after somebody wrote, as its own login."""

    def run(days: int) -> None:
        written = rows()[0].said_at
        db.session.remove()
        connection.execute(text("set session authorization wb_documents"))
        connection.execute(
            text("select set_config('role', 'wb_documents', true), set_config('app.school', :school, true)"),
            {"school": str(world.school.school_id)},
        )
        moment = written + timedelta(days=days)
        assert services.erase_old(connection, school_id=world.school.school_id, moment=moment) == 0
        connection.execute(text("set session authorization wb_web"))

    return run


def is_there(session_for, world, parent_id) -> bool:
    return bool(
        session_for(world.school.senco).execute(
            text("select count(*) from parent where id = :id"), {"id": parent_id}
        ).scalar_one()
    )  # fmt: skip


def test_a_family_hub_passes_a_parent_on_and_the_school_reads_who_did(stranger, senco, link, rows):
    """Given a link that the school gave to a family hub
    When somebody there passes a parent on, who agreed
    Then the school reads of whom, by which link, and how often it was used; and nobody there reads anything."""
    page = stranger.get(link)
    assert "Hill Road Family Hub" in page.text
    done = stranger.post(link, data=PARENT, follow_redirects=True)
    assert "The school has what you wrote." in done.text
    assert "Ruth" not in done.text

    overview = senco.get(OVERVIEW).text
    assert "Ruth Newcomer" in overview
    assert "Used once." in overview
    assert "Passed on by Hill Road Family Hub" in senco.get(f"{OVERVIEW}/{rows()[0].id}").text


@pytest.mark.parametrize("known", ["unknown", "in the list", "twice"])
def test_the_answer_is_the_same_whoever_is_known(known, stranger, senco, link):
    if known == "in the list":
        senco.post("/school/parents/add", data=RUTH | {"attendance_band": "", "year_group": ""})
    if known == "twice":
        stranger.post(link, data=PARENT)

    answer = stranger.post(link, data=PARENT)

    assert (answer.status_code, answer.location) == (303, f"{link}/thank-you")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"agreed": ""}, "Ask the parent or carer first"),
        ({"first_name": "  "}, "Enter their first name"),
        ({"last_name": "x" * 10_000}, "100"),
        ({"phone": ""}, "One is enough."),
    ],
)
def test_without_the_parents_word_nothing_is_passed_on(typed, says, stranger, link, rows):
    page = stranger.post(link, data=PARENT | typed)

    assert page.status_code == 200
    assert says in page.text
    assert rows() == []


def test_a_link_and_a_page_do_not_stand_for_each_other(stranger, address, link, rows):
    assert stranger.get(f"/hello/{link.rpartition('/')[2]}").status_code == 404
    assert stranger.get(f"/pass-on/{address.rpartition('/')[2]}").status_code == 404
    assert stranger.post(f"/pass-on/{address.rpartition('/')[2]}", data=PARENT).status_code == 404
    assert rows() == []


def test_a_stopped_link_leads_nowhere_and_what_came_by_it_stays(stranger, senco, link, rows):
    """Given a link that is open in front of somebody
    When the school stops it, then what they send arrives nowhere, and they read so."""
    stranger.post(link, data=PARENT)
    stop = re.search(r"/school/sign-up/links/[0-9a-f-]+/stop", senco.get(OVERVIEW).text)
    assert stop
    senco.post(stop.group())

    assert stranger.post(link, data=PARENT | {"first_name": "Late"}).status_code == 404
    assert [one.first_name for one in rows()] == ["Ruth"]
    assert link not in senco.get(OVERVIEW).text


def test_another_school_stops_no_link_of_ours(client_for, world, senco, stranger, link):
    stop = re.search(r"/school/sign-up/links/[0-9a-f-]+/stop", senco.get(OVERVIEW).text)
    assert stop
    assert client_for(world.sibling_school.senco).post(stop.group()).status_code == 404
    assert stranger.get(link).status_code == 200


def test_one_team_has_one_link_and_the_lead_or_senco_gives_it(senco, link, client_for, world):
    again = senco.post(f"{OVERVIEW}/links/new", data=HUB | {"organisation": "hill road family hub"})
    assert "They have a link already." in again.text
    assert client_for(world.school.dsl).get(f"{OVERVIEW}/links/new").status_code in (302, 403, 404)


def test_who_says_nothing_for_28_days_is_forgotten(in_list, senco, forget, session_for, world):
    """Given a parent who was passed on, taken into the list and invited
    When 28 days go by without a word of theirs
    Then nothing of them is there any more, nor does their invitation open anything; and not a day before."""
    page = senco.get(f"/school/parents/{in_list}/invite")
    senco.post(f"/school/parents/{in_list}/invite", data=sent(page.text, ""))
    forget(27)
    assert is_there(session_for, world, in_list)

    forget(28)

    assert not is_there(session_for, world, in_list)
    session = session_for(world.school.senco)
    for table in ("parent_contact", "parent_event", "recruitment_profile", "signup"):
        left = session.execute(text(f"select count(*) from {table} where parent_id = :id"), {"id": in_list})
        assert left.scalar_one() == 0, table
    assert senco.get("/school/parents").status_code == 200
    assert senco.get("/messages").status_code == 200


def test_their_invitation_opens_nothing_once_they_are_forgotten(in_list, senco, forget, connection):
    page = senco.get(f"/school/parents/{in_list}/invite")
    senco.post(f"/school/parents/{in_list}/invite", data=sent(page.text, ""))
    forget(28)

    with as_login(connection, "postgres"):
        open_ones = connection.execute(
            text(
                "select count(*) from identity.token where person_id = :id and used_at is null"
                " and cancelled_at is null"
            ),
            {"id": in_list},
        ).scalar_one()
    assert open_ones == 0


@pytest.mark.parametrize(
    "said",
    [
        "update parent set stage = 'interested' where id = :id",
        "update parent set stage = 'said_no' where id = :id",
        "insert into consent (school_id, parent_id, kind, given, wording_version, changed_at)"
        " values (:school, :id, 'email', false, '2026-11', app.now())",
        "insert into parent_event (school_id, id, parent_id, from_stage, to_stage, by_side, at)"
        " values (:school, gen_random_uuid(), :id, 'invited', 'invited', 'parent', app.now())",
        "insert into parent_event (school_id, id, parent_id, from_stage, to_stage, by_side, at)"
        " values (:school, gen_random_uuid(), :id, 'identified', 'interested', 'school', app.now()),"
        " (:school, gen_random_uuid(), :id, 'interested', 'invited', 'school', app.now())",
        "update parent_contact set texts_stopped_at = app.now() where parent_id = :id",
        "insert into contact_doubt (id, school_id, person_kind, person_id, channel, address, said_at)"
        " values (gen_random_uuid(), :school, 'parent', :id, 'sms', '07700 900751', app.now())",
    ],
    ids=[
        "would hear more",
        "said no",
        "a choice",
        "their own step",
        "would hear more, then invited",
        "a stop",
        "not me",
    ],
)
def test_who_has_spoken_stays(said, in_list, forget, connection, session_for, world):
    db.session.remove()  # what it looked with is undone with it
    with as_login(connection, "postgres"):
        connection.execute(text(said), {"id": in_list, "school": world.school.school_id})

    forget(28)

    assert is_there(session_for, world, in_list)


def test_whom_staff_had_in_their_list_before_stays(senco, stranger, link, rows, forget, session_for, world):
    senco.post("/school/parents/add", data=RUTH | {"attendance_band": "", "year_group": ""})
    stranger.post(link, data=PARENT)
    at = f"{OVERVIEW}/{rows()[0].id}"
    senco.post(at, data=sent(senco.get(at).text, "") | {"knows": "y"})
    parent_id = rows()[0].parent_id

    forget(28)

    assert is_there(session_for, world, parent_id)


def test_who_asked_on_the_page_themselves_stays_in_the_list(senco, ruth, rows, forget, session_for, world):
    at = f"{OVERVIEW}/{ruth}"
    senco.post(at, data=sent(senco.get(at).text, "") | {"knows": "y"})
    parent_id = rows()[0].parent_id

    forget(28)

    assert is_there(session_for, world, parent_id)


def test_staff_are_told_a_week_before(in_list, client_for, clock, world):
    clock.move(timedelta(days=20))
    assert "Ruth Newcomer has not said yes yet" not in client_for(world.school.senco).get("/school").text
    clock.move(timedelta(days=2))

    home = client_for(world.school.senco).get("/school").text
    assert "Ruth Newcomer has not said yes yet" in home
    assert "Hill Road Family Hub passed them on to you." in home


def test_who_asks_on_the_page_after_they_were_passed_on_stays(
    in_list, senco, stranger, address, rows, forget, session_for, world
):
    """Given somebody who was passed on, when they ask on the school's own page, then they have spoken."""
    stranger.post(address, data=RUTH)
    own = next(row for row in rows() if row.parent_id is None)
    at = f"{OVERVIEW}/{own.id}"
    senco.post(at, data=sent(senco.get(at).text, "") | {"knows": "y"})

    forget(28)

    assert is_there(session_for, world, in_list)
    senco.get(OVERVIEW)  # says that they were in the list
    assert "Ruth Newcomer" not in senco.get(OVERVIEW).text


def test_what_staff_noted_of_days_keeps_nobody(in_list, forget, connection, session_for, world):
    with as_login(connection, "postgres"):
        connection.execute(
            text("insert into group_wish (school_id, parent_id, by_name) values (:school, :id, 'Ms Hall')"),
            {"school": world.school.school_id, "id": in_list},
        )

    forget(28)

    assert not is_there(session_for, world, in_list)


def test_who_passed_them_on_is_not_kept_in_their_profile(in_list, session_for, world):
    asked = text("select found_by from recruitment_profile where parent_id = :id")
    found = session_for(world.school.senco).execute(asked, {"id": in_list}).scalar_one()

    assert found == "Passed on to us"


def test_an_invitation_ends_before_the_record_and_staff_read_the_day(
    in_list, client_for, world, connection, clock
):
    """Given somebody passed on three weeks ago
    When staff look at them and invite them
    Then both pages name the day of deletion, and the link and its words end the day before."""
    clock.move(timedelta(days=21))
    db.session.remove()
    senco = client_for(world.school.senco)
    for page in (f"/school/parents/{in_list}", f"/school/parents/{in_list}/invite"):
        assert "Hill Road Family Hub passed them on to you on" in senco.get(page).text
    page = senco.get(f"/school/parents/{in_list}/invite").text
    senco.post(f"/school/parents/{in_list}/invite", data=sent(page, ""))

    with as_login(connection, "postgres"):
        ends, gone = connection.execute(
            text(
                "select (t.expires_at at time zone 'Europe/London')::date,"
                " (g.said_at at time zone 'Europe/London')::date + 28"
                " from identity.token t join signup g on g.parent_id = t.person_id where t.person_id = :id"
            ),
            {"id": in_list},
        ).one()
    assert ends == gone - timedelta(days=1)


def test_they_can_be_invited_again_after_a_day_and_no_more_on_the_last(
    in_list, client_for, world, clock, connection
):
    """A link that was cut short is not taken for the same press twice; on the last day there is nothing to open."""
    clock.move(timedelta(days=21))
    db.session.remove()
    for _again in range(2):
        senco = client_for(world.school.senco)
        page = senco.get(f"/school/parents/{in_list}/invite").text
        senco.post(f"/school/parents/{in_list}/invite", data=sent(page, ""))
        clock.move(timedelta(days=1))
        db.session.remove()
    with as_login(connection, "postgres"):
        count = connection.execute(
            text("select count(*) from identity.token where person_id = :id"), {"id": in_list}
        ).scalar_one()
    assert count == 2

    clock.move(timedelta(days=5))
    db.session.remove()
    late = client_for(world.school.senco).get(f"/school/parents/{in_list}/invite", follow_redirects=True)
    assert "a link would open nothing" in late.text


def test_a_team_has_one_link_however_its_name_is_spaced(senco, link):
    twice = senco.post(
        f"{OVERVIEW}/links/new", data=HUB | {"organisation": "hill  road  Family Hub"}, follow_redirects=True
    )

    assert "They have a link already." in twice.text


def test_a_professional_whose_link_was_stopped_reads_so_and_keeps_their_words(senco, stranger, link):
    """Given a link that is stopped while somebody types, then the page speaks to them and shows what they typed."""
    page = senco.get(OVERVIEW).text
    [stop] = set(re.findall(r"/school/sign-up/links/[0-9a-f-]+/stop", page))
    senco.post(stop)
    answer = stranger.post(link, data=PARENT)

    assert "while you were writing" in answer.text
    assert "Newcomer" in answer.text
    assert "Do you have an invitation?" not in answer.text
    assert "A parent or carer can also call the school" in stranger.get(link).text


def test_the_list_says_by_which_link_they_came(senco, stranger, link):
    stranger.post(link, data=PARENT)

    assert "Passed on by Hill Road Family Hub" in senco.get(OVERVIEW).text
