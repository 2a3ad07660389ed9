"""A parent whom no email and no text reaches: the letter comes first, and one slip is one line of their history."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from app.recruitment import noting, services
from app.recruitment.queries import list_events
from infra.ids import new_id
from tenants.session import ASSUME
from tests.integration.recruitment.test_noting import slip
from tests.integration.recruitment.test_staff import NEW
from tests.support.links import sent

PAPER = NEW | {"phone": "", "on_paper": "y", "first_name": "Paper", "last_name": "Only"}
LETTER, INVITATION = "Make a letter to print", "Send an invitation"


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def theirs(senco):
    """The address of the page of somebody who was added with no email and no number."""
    return senco.post("/school/parents/add", data=PAPER).headers["Location"]


def actions(page):
    """The buttons of the page's head, in their order."""
    block = page.partition("</h1>")[2].partition("How to reach them")[0]
    return [
        re.sub(r"<[^>]*>", "", one).strip()
        for one in re.findall(r"<(?:a|button)\b.*?</(?:a|button)>", block, re.DOTALL)
    ]


def sign(senco, theirs):
    return senco.post(
        f"{theirs}/answer",
        data={"to_stage": "joined", "how": "slip", "slip": (io.BytesIO(b"%PDF-1.7"), "slip.pdf")},
        content_type="multipart/form-data",
        follow_redirects=True,
    ).text


@pytest.fixture
def slips(session_for, world, monkeypatch):
    monkeypatch.setattr(
        noting, "accept_upload", lambda session, **what: slip(session, world, what["parent_id"])
    )


def test_the_letter_is_offered_in_place_of_an_invitation(senco, theirs):
    page = senco.get(theirs).text
    assert actions(page)[0] == LETTER
    assert INVITATION not in page
    assert (
        "or print a letter"
        in senco.post("/school/parents/add", data=PAPER | {"first_name": "B"}, follow_redirects=True).text
    )


def test_the_invitation_page_leads_to_the_letter_too(senco, theirs):
    page = senco.get(f"{theirs}/invite").text
    assert LETTER in page
    pressed = senco.post(f"{theirs}/invite", follow_redirects=True).text
    assert "We have no email address or mobile number for them. Print a letter." in pressed


def test_the_list_does_not_say_that_they_have_a_phone(senco, theirs):
    found = senco.post("/school/parents/search", data={"text": "Paper"}, follow_redirects=True).text
    assert "on paper, or by phone" in found
    assert "phone only" not in found


def test_who_stopped_all_messages_is_on_paper_as_well(senco, world, connection):
    """Given a yes of somebody who stopped every message, then the week and their page ask for a letter."""
    me = world.school.ids["identified_parent_id"]
    connection.execute(text("set session authorization default"))
    connection.execute(
        text(
            "update parent_contact set emails_stopped_at = now(), texts_stopped_at = now() where parent_id = :id"
        ),
        {"id": me},
    )
    connection.execute(text("set session authorization wb_web"))
    said = senco.post(
        f"/school/parents/{me}/answer", data={"to_stage": "joined", "how": "in_person"}, follow_redirects=True
    ).text
    assert "Now print a letter for them" in said
    assert "send them an invitation" not in said
    assert actions(said)[0] == LETTER
    week = re.sub("<[^>]*>", "", senco.get("/school").text)
    assert re.search(r"Print a letter for .* to confirm their yes", week)


def test_a_slip_writes_one_event_and_nothing_waits_to_be_sent(senco, theirs, slips, session_for, world):
    page = sign(senco, theirs)
    assert "waiting to be sent" not in page
    assert page.count("tell them yourself") == 1
    assert "no email, no text" in page
    parent_id = theirs.rpartition("/")[2]
    events = list_events(session_for(world.school.senco), world.school.school_id, parent_id)
    assert [(one.from_stage, one.to_stage, one.how) for one in events] == [
        ("identified", "joined", "slip"),
        (None, "identified", ""),
    ]


def test_a_slip_after_a_yes_by_telephone_keeps_both_lines(senco, theirs, slips, session_for, world):
    senco.post(f"{theirs}/answer", data={"to_stage": "interested", "how": "telephone"})
    sign(senco, theirs)
    events = list_events(session_for(world.school.senco), world.school.school_id, theirs.rpartition("/")[2])
    assert [one.to_stage for one in events] == ["joined", "interested", "identified"]


def test_a_parent_who_joins_at_once_has_one_line_too(session_for, world):
    """Given somebody who says yes the first time that they are asked, then their history says joined, once."""
    me = world.school.ids["identified_parent_id"]
    person = world.school.parent
    session = session_for(person.__class__(**{**vars_of(person), "person_id": me}))
    services.decide(session, world.school.school_id, me, {"join": True})
    events = list_events(session, world.school.school_id, me)
    assert [one.to_stage for one in events][:1] == ["joined"]
    assert "interested" not in [one.to_stage for one in events]


def test_the_letter_that_nobody_signed_is_not_their_slip(senco, theirs, session_for, world, connection):
    """Given the file of the letter as we made it, when it is sent in as the signed slip, then it is refused."""
    ours, parent_id = b"%PDF-1.7 the letter as it was made", theirs.rpartition("/")[2]
    session = session_for(world.school.senco)
    letter = slip(session, world, parent_id, kind="invitation_letter")
    values = {"sha": sha256(ours).hexdigest(), "id": letter}
    session.commit()
    connection.execute(text("set session authorization default"))
    connection.execute(text("update document set sha256 = :sha where id = :id"), values)
    connection.execute(text("set session authorization wb_web"))
    refused = senco.post(
        f"{theirs}/answer",
        data={"to_stage": "joined", "how": "slip", "slip": (io.BytesIO(ours), "slip.pdf")},
        content_type="multipart/form-data",
    ).text
    assert "without their signature" in refused
    events = list_events(session_for(world.school.senco), world.school.school_id, parent_id)
    assert [one.to_stage for one in events] == ["identified"]


MISTAKE = "This was noted by mistake"


def test_a_yes_that_was_noted_by_mistake_is_taken_back(senco, theirs, slips, session_for, world):
    sign(senco, theirs)
    assert MISTAKE in senco.get(theirs).text
    page = senco.post(
        f"{theirs}/take-back", data={"reason": "It was for the other Paper"}, follow_redirects=True
    ).text
    assert "Taken back. They are at “To ask” again." in page
    assert "Open their signed slip" not in page
    assert MISTAKE not in page
    parent_id, session = theirs.rpartition("/")[2], session_for(world.school.senco)
    given = session.execute(
        text("select given from consent where parent_id = :id and kind = 'join'"), {"id": parent_id}
    ).scalar_one_or_none()
    assert given is None, "a yes that was another's leaves no answer of theirs"
    row = session.execute(
        text("select joined_at, waiting_since from parent where id = :id"), {"id": parent_id}
    ).one()
    assert tuple(row) == (None, None)
    again = senco.post(f"{theirs}/take-back", data={"reason": "Once more"}).text
    assert "There is nothing to take back." in again


def test_a_yes_of_their_own_is_not_taken_back(senco, session_for, world):
    """Given somebody who joined and has come in themselves, then staff cannot say that they did not."""
    me = world.school.parent.person_id
    session = session_for(world.school.senco)
    session.execute(text("update parent set stage = 'joined' where id = :id"), {"id": me})
    session.commit()
    assert MISTAKE not in senco.get(f"/school/parents/{me}").text
    page = senco.post(f"/school/parents/{me}/take-back", data={"reason": "x"}).text
    assert "Taken back" not in page
    assert (
        session.execute(text("select stage from parent where id = :id"), {"id": me}).scalar_one() == "joined"
    )


@pytest.fixture
def joined_by_the_wrong_slip(connection, session_for, world):
    """The world's parent, who came in long ago, noted as joined by a slip that was another's."""
    school, me = world.school, world.school.parent.person_id
    session = session_for(school.senco)
    session.execute(
        text("update parent set stage = 'joined', joined_at = app.now() where id = :id"), {"id": me}
    )
    session.execute(
        text(
            "insert into parent_event (school_id, id, parent_id, from_stage, to_stage, by_side, by_name, how, reason,"
            " at) values (:school, :event, :id, 'interested', 'joined', 'school', 'Carol', 'slip', '', app.now())"
        ),
        {"school": school.school_id, "event": new_id(), "id": me},
    )
    session.commit()
    return me


def test_a_wrong_slip_is_taken_back_also_from_somebody_who_had_come_in(
    senco, client_for, joined_by_the_wrong_slip, world, session_for
):
    at = f"/school/parents/{joined_by_the_wrong_slip}"
    assert MISTAKE in senco.get(at).text
    senco.post(f"{at}/take-back", data={"reason": "It was for somebody else"})
    assert (
        session_for(world.school.senco)
        .execute(text("select stage from parent where id = :id"), {"id": joined_by_the_wrong_slip})
        .scalar_one()
        == "interested"
    )


def test_but_not_when_they_chose_something_since(senco, joined_by_the_wrong_slip, session_for, world, clock):
    clock.move(timedelta(minutes=1))
    own = session_for(world.school.parent)
    services.choose(own, world.school.school_id, joined_by_the_wrong_slip, {"text": False})
    own.commit()
    at = f"/school/parents/{joined_by_the_wrong_slip}"
    assert MISTAKE not in senco.get(at).text
    page = senco.post(f"{at}/take-back", data={"reason": "x"}).text
    assert "They have made choices themselves since." in page


def test_who_joined_by_a_slip_is_asked_how_to_be_reached(client_for, connection, world):
    me = world.school.parent
    asked = "How may we reach you?"
    assert asked not in client_for(me).get("/my").text
    connection.execute(text("set session authorization default"))
    connection.execute(
        text("delete from consent where parent_id = :id and kind in ('email', 'text')"), {"id": me.person_id}
    )
    connection.execute(text("set session authorization wb_web"))
    assert asked in client_for(me).get("/my").text


def vars_of(person):
    return {name: getattr(person, name) for name in person.__dataclass_fields__}


@pytest.fixture
def joined_on_paper(senco, theirs, slips):
    """The page of somebody who joined by a signed slip, with neither email nor number."""
    assert "Noted" in sign(senco, theirs)
    return theirs


@pytest.fixture
def links(connection, world, app):
    """The secrets in the messages that give a first way in."""

    def of(kind="first_way_in"):
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        ids = connection.execute(
            text("select id from outbox where kind = :kind order by created_at"), {"kind": kind}
        )
        found = [sent(connection, app.config["SECRET_KEY"], one) for one in ids.scalars().all()]
        connection.execute(text("select set_config('role', 'none', true)"))
        return found

    return of


def test_who_joined_on_paper_and_gives_a_number_later_gets_a_way_in(
    senco, joined_on_paper, links, client_for
):
    """Staff read that nothing goes there yet, and the page has the button that changes it."""
    assert "Give them a way in" not in senco.get(joined_on_paper).text
    saved = senco.post(
        f"{joined_on_paper}/change",
        data=PAPER | {"phone": "07700 900961", "on_paper": ""},
        follow_redirects=True,
    ).text
    assert "Nothing goes there yet." in saved
    assert "Messages go there from now on" not in saved
    assert "Give them a way in" in actions(saved)
    assert "No email and no text reaches them" not in saved

    shown = senco.get(f"{joined_on_paper}/invite").text
    assert "a way in?" in shown
    assert "pages" in shown.partition("Text to")[2]
    assert "invitation" not in shown.partition("Text to")[2].partition("</main>")[0]
    assert "invites" not in shown
    assert senco.post(f"{joined_on_paper}/invite").status_code == 303
    [secret] = links()
    new = client_for(None)
    assert new.post(f"/link/{secret}").status_code == 303
    home = new.get("/my")
    assert home.status_code == 200, "they have said yes on paper, and are not asked again"

    assert "Give them a way in" not in senco.get(joined_on_paper).text
    assert (
        "so an invitation would confuse them"
        in senco.get(f"{joined_on_paper}/invite", follow_redirects=True).text
    )


def test_an_invitation_that_would_be_refused_is_not_shown(client_for, world):
    senco = client_for(world.school.senco)
    page = senco.get(f"/school/parents/{world.school.parent.person_id}/invite", follow_redirects=True).text
    assert "so an invitation would confuse them" in page
    assert "Send it" not in page
