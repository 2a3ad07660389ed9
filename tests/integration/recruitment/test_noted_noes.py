"""A no to single choices that was noted for the wrong parent is taken back, while only staff spoke."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.recruitment import noted_noes, noting, services
from app.recruitment.noting import Noted
from app.shell.refusals import Refused
from infra.clock import now
from tests.integration.recruitment.test_noting import consents_of
from tests.integration.test_stale_presses import sent

PHONE = Noted("telephone", "Ada Staff")
STOPS = text("select emails_stopped_at, texts_stopped_at from parent_contact where parent_id = :id")


@pytest.fixture
def staff(session_for, world):
    return session_for(world.school.senco)


@pytest.fixture
def me(world):
    return world.school.parent.person_id


def take(session, world, me, kinds):
    noted_noes.take_back(
        session, world.school.school_id, me, kinds, reason="The wrong Ada.", by_name="Ada Staff"
    )


def test_a_no_noted_by_mistake_is_taken_back_with_what_it_stopped(session_for, world, me):
    """Given a parent's own yes, and noes noted to four things, when some are taken back, then those are as before."""
    own = session_for(world.school.parent)
    services.choose(own, world.school.school_id, me, {"ask_to_lead": True, "email": False})
    services.choose(own, world.school.school_id, me, {"email": True})
    own.commit()
    staff = session_for(world.school.senco)
    noting.note_no_to(
        staff, world.school.school_id, me, ["email", "text", "pooled_answers", "ask_to_lead"], PHONE
    )
    assert set(noted_noes.list_noted(staff, me)) == {"email", "text", "pooled_answers", "ask_to_lead"}
    take(staff, world, me, ["email", "ask_to_lead", "pooled_answers"])
    after = consents_of(staff, me)
    assert (after["email"], after["text"]) == (True, False)
    assert "pooled_answers" not in after
    emails, texts = staff.execute(STOPS, {"id": me}).one()
    assert emails is None
    assert texts is not None
    assert noted_noes.list_noted(staff, me) == ["text"]
    with pytest.raises(Refused, match="said something themselves since"):
        take(staff, world, me, ["email"])
    # What they said to leading a group is not for staff to read yet.
    staff.commit()
    assert consents_of(session_for(world.school.parent), me)["ask_to_lead"] is True


def test_what_they_said_themselves_since_stays(staff, session_for, world, me):
    noting.note_no_to(staff, world.school.school_id, me, ["ask_to_lead"], PHONE)
    staff.commit()
    own = session_for(world.school.parent)
    services.choose(own, world.school.school_id, me, {"ask_to_lead": True})
    services.choose(own, world.school.school_id, me, {"ask_to_lead": False})
    own.commit()
    again = session_for(world.school.senco)
    assert "ask_to_lead" not in noted_noes.list_noted(again, me)


def test_of_another_school_nothing_is_listed_or_taken_back(staff, world):
    foreign = world.sibling_school.parent.person_id
    assert noted_noes.list_noted(staff, foreign) == []
    rows = staff.execute(
        text("select kind from app.take_back_noes(:id, array['email', 'join'], :at)"),
        {"id": foreign, "at": now()},
    ).all()
    assert rows == []


def test_the_page_offers_it_and_says_what_was_taken_back(client_for, world, me):
    """Given a no to emails, then the page offers to take it back; afterwards it does not, and the history tells."""
    senco, at = client_for(world.school.senco), f"/school/parents/{me}"
    assert "A no was noted by mistake" not in senco.get(at).text
    assert senco.get(f"{at}/take-back-no").status_code == 302
    senco.post(f"{at}/answer", data={"to_stage": "no_to", "no_to": ["email"], "how": "interpreter"})
    assert "A no was noted by mistake" in senco.get(at).text
    asked = senco.get(f"{at}/take-back-no").text
    assert "Emails from us" in asked
    assert "Texts from us" not in asked
    typed = sent(asked, f"{at}/take-back-no", no_to="email", reason="It was another parent.")
    page = senco.post(f"{at}/take-back-no", data=typed, follow_redirects=True).text
    assert "Their choices are what they were before" in page
    assert "Noted by mistake, and taken back: the no to Emails from us." in page
    assert "A no was noted by mistake" not in page


def test_a_page_from_before_takes_back_no_newer_no(client_for, session_for, world, me):
    """Given a page that offers to take a no back
    When a colleague takes it back, and then notes a no that the parent did say
    Then the press of the page changes nothing."""
    senco, colleague, at = (
        client_for(world.school.senco),
        client_for(world.school.lead),
        f"/school/parents/{me}",
    )
    no = {"to_stage": "no_to", "no_to": ["text"], "how": "telephone"}
    senco.post(f"{at}/answer", data=no)
    typed = {"no_to": "text", "reason": "The wrong Ada."}
    old = sent(senco.get(f"{at}/take-back-no").text, f"{at}/take-back-no", **typed)
    theirs = sent(colleague.get(f"{at}/take-back-no").text, f"{at}/take-back-no", **typed)
    colleague.post(f"{at}/take-back-no", data=theirs)
    colleague.post(f"{at}/answer", data=no)

    page = senco.post(f"{at}/take-back-no", data=old, follow_redirects=True).text

    assert "Something changed" in page
    session = session_for(world.school.senco)
    assert consents_of(session, me)["text"] is False
    assert session.execute(STOPS, {"id": me}).one().texts_stopped_at is not None
