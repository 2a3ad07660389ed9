"""What staff note for a parent, what counts at once and what does not, and how each is put right."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text

from app.recruitment import noting, services
from app.recruitment.noting import Noted
from app.recruitment.services import ParentDetails
from app.shell.refusals import Refused
from infra.clock import now
from infra.ids import new_id
from tests.support.reading import find_in

PHONE = Noted("telephone", "Ada Staff")


@pytest.fixture
def staff(session_for, world):
    return session_for(world.school.senco)


def parent_at(session, world, stage, parent_id=None):
    parent_id = parent_id or world.school.ids["identified_parent_id"]
    session.execute(
        text("update parent set stage = :stage where id = :id"), {"stage": stage, "id": parent_id}
    )
    return parent_id


def stage_of(session, parent_id):
    return session.execute(text("select stage from parent where id = :id"), {"id": parent_id}).scalar_one()


def consents_of(session, parent_id):
    rows = session.execute(text("select kind, given from consent where parent_id = :id"), {"id": parent_id})
    return {row.kind: row.given for row in rows}


def slip(session, world, parent_id, *, kind="signed_slip", state="ready", school=None):
    """The row of a stored slip, as the store leaves it."""
    school = school or world.school
    key = new_id()
    session.execute(
        text(
            "insert into document (school_id, id, kind, parent_id, subject_id, file_name, state, object_key, sha256,"
            " size, next_at, created_at) values (:school, :id, :kind, :parent, :parent, 'slip.pdf', :state, :key, 'x',"
            " 1, :at, :at)"
        ),
        {
            "school": school.school_id,
            "id": key,
            "kind": kind,
            "parent": parent_id,
            "state": state,
            "key": f"t/{school.school_id}/d/{key}/v1",
            "at": now(),
        },
    )
    return key


NOTE = text("select app.note_choice(:parent, :kind, :given, :slip, '1', :at)")


def note(session, parent_id, *, kind="join", given=True, slip_id=None):
    values = {"parent": parent_id, "kind": kind, "given": given, "slip": slip_id, "at": now()}
    return session.execute(NOTE, values).scalar_one()


def test_a_yes_counts_only_with_that_parents_own_stored_slip(staff, world):
    """Given slips of every wrong kind, when a yes is noted, then the database keeps none of them."""
    school, me = world.school, world.school.ids["identified_parent_id"]
    other = school.ids["waiting_parent_id"]
    foreign = world.sibling_school.ids["identified_parent_id"]
    assert note(staff, me) is False
    assert note(staff, me, slip_id=new_id()) is False
    assert note(staff, me, slip_id=slip(staff, world, other)) is False
    assert note(staff, me, slip_id=slip(staff, world, me, kind="invitation_letter")) is False
    assert note(staff, foreign, slip_id=slip(staff, world, me)) is False
    assert note(staff, foreign, given=False) is False
    mine = slip(staff, world, me)
    assert note(staff, me, kind="share_attendance", slip_id=mine) is False
    assert consents_of(staff, me) == {}
    assert note(staff, me, slip_id=mine) is True
    assert consents_of(staff, me) == {"join": True}


def test_an_old_slip_does_not_turn_a_later_no_round(staff, world):
    me = world.school.ids["identified_parent_id"]
    old = slip(staff, world, me)
    assert note(staff, me, given=False)
    assert note(staff, me, slip_id=old) is False
    assert consents_of(staff, me) == {"join": False}


def test_a_signed_slip_joins_somebody(client_for, world, session_for, monkeypatch):
    """Given a parent with a letter, when staff store their signed slip, then they have joined, and it is told how."""
    kept = []

    def accept(session, **what):
        kept.append(slip(session, world, what["parent_id"]))
        return kept[-1]

    monkeypatch.setattr(noting, "accept_upload", accept)
    me = world.school.ids["identified_parent_id"]
    page = (
        client_for(world.school.senco)
        .post(
            f"/school/parents/{me}/answer",
            data={"to_stage": "joined", "how": "slip", "slip": (io.BytesIO(b"%PDF-1.7"), "slip.pdf")},
            content_type="multipart/form-data",
            follow_redirects=True,
        )
        .text
    )
    assert "Joined" in page
    assert "On paper" in page
    assert world.school.senco.name in page
    assert "Open their signed slip" in page
    assert consents_of(session_for(world.school.senco), me) == {"join": True}


def test_a_slip_pressed_twice_joins_once_and_says_no_mistake(client_for, world, session_for, monkeypatch):
    monkeypatch.setattr(
        noting, "accept_upload", lambda session, **what: slip(session, world, what["parent_id"])
    )
    senco, me = client_for(world.school.senco), world.school.ids["identified_parent_id"]
    shown = find_in(r'name="as_shown"[^>]*value="([^"]+)"', senco.get(f"/school/parents/{me}/answer").text)[1]

    def send():
        form = {"to_stage": "joined", "how": "slip", "as_shown": shown}
        return senco.post(
            f"/school/parents/{me}/answer",
            data={**form, "slip": (io.BytesIO(b"%PDF-1.7"), "slip.pdf")},
            content_type="multipart/form-data",
        )

    assert send().status_code == 303
    again = send()
    assert again.status_code == 303
    page = senco.get(again.location).text
    assert "They have already joined. Nothing was noted twice." in page
    assert "There is a problem" not in page


def test_a_no_by_telephone_counts_at_once(staff, world):
    """Given somebody in a group, when they say on the telephone that they leave, then place and consent end."""
    school = world.school
    me = school.parent.person_id
    noting.note_answer(staff, school.school_id, me, "left", PHONE)
    assert stage_of(staff, me) == "left"
    assert consents_of(staff, me)["join"] is False
    held = (
        staff.execute(text("select status from enrolment where parent_id = :id"), {"id": me}).scalars().all()
    )
    assert held == ["left"]


def test_a_no_to_texts_stops_them(staff, world):
    school = world.school
    me = school.parent.person_id
    noting.note_no_to(staff, school.school_id, me, ["text", "share_attendance", "join", "nonsense"], PHONE)
    assert consents_of(staff, me) == {"join": True, "email": True, "text": False, "share_attendance": False}
    stopped = staff.execute(
        text("select texts_stopped_at is not null from parent_contact where parent_id = :id"), {"id": me}
    ).scalar_one()
    assert stopped
    assert stage_of(staff, me) == "in_group"


@pytest.mark.parametrize(
    ("before", "after"), [("invited", "invited"), ("waiting", "waiting"), ("in_group", "waiting")]
)
def test_what_staff_noted_by_mistake_is_taken_back(staff, world, before, after):
    """Given a *left* noted for the wrong person, when it is taken back, then they are where they were."""
    school = world.school
    me = parent_at(staff, world, before)
    noting.note_answer(staff, school.school_id, me, "left", PHONE)
    assert (
        noting.take_back(staff, school.school_id, me, reason="The wrong Ada.", by_name="Ada Staff") == after
    )
    assert stage_of(staff, me) == after
    with pytest.raises(Refused):
        noting.take_back(staff, school.school_id, me, reason="Again", by_name="Ada Staff")


def test_the_choices_noted_with_a_mistake_are_what_they_were_before(staff, world):
    """Given a signed slip, when a *no* noted by mistake is taken back, then their yes stands again.

    And given somebody who has not answered, then no choice says that they did.
    """
    school = world.school
    asked = parent_at(staff, world, "invited")

    def no_and_back():
        noting.note_answer(staff, school.school_id, asked, "said_no", PHONE)
        assert consents_of(staff, asked) == {"join": False}
        noting.take_back(staff, school.school_id, asked, reason="The wrong Ada.", by_name="Ada Staff")

    for _twice in range(2):
        no_and_back()
        assert consents_of(staff, asked) == {}
    assert note(staff, asked, slip_id=slip(staff, world, asked))
    for _twice in range(2):
        no_and_back()
        assert consents_of(staff, asked) == {"join": True}


def test_what_they_answered_themselves_since_is_not_taken_back(staff, session_for, world):
    school, me = world.school, world.school.parent.person_id
    noting.note_answer(staff, school.school_id, me, "left", PHONE)
    staff.commit()
    own = session_for(world.school.parent)
    services.choose(own, school.school_id, me, {"ask_to_lead": True})
    own.commit()
    again = session_for(school.senco)
    noting.take_back(again, school.school_id, me, reason="The wrong Ada.", by_name="Ada Staff")
    again.commit()
    assert consents_of(session_for(world.school.parent), me)["ask_to_lead"] is True


def test_a_slip_that_was_not_theirs_leaves_no_answer_and_counts_no_more(staff, world):
    me = world.school.ids["identified_parent_id"]
    wrong = slip(staff, world, me)
    assert note(staff, me, slip_id=wrong)
    staff.execute(text("select app.take_back_choices(:id, :at)"), {"id": me, "at": now()})
    assert consents_of(staff, me) == {}
    assert note(staff, me, slip_id=wrong) is False
    foreign = world.sibling_school.parent.person_id
    assert (
        staff.execute(
            text("select app.take_back_choices(:id, :at)"), {"id": foreign, "at": now()}
        ).scalar_one()
        == []
    )


def test_a_no_of_their_own_is_not_taken_back_by_staff_but_they_may_change_their_mind(session_for, world):
    school, me = world.school, world.school.parent
    session = session_for(me)
    parent_at(session, world, "invited", me.person_id)
    services.answer_invitation(session, school.school_id, me.person_id, "said_no")
    session.commit()
    session = session_for(school.senco)
    with pytest.raises(Refused, match="themselves"):
        noting.take_back(session, school.school_id, me.person_id, reason="x", by_name="y")
    session = session_for(me)
    noting.change_mind(session, school.school_id, me.person_id)
    row = session.execute(
        text("select stage, do_not_ask_until from parent where id = :id"), {"id": me.person_id}
    ).one()
    assert tuple(row) == ("interested", None)


def test_a_parent_who_said_no_and_presses_leave_reads_what_is_true(client_for, session_for, world):
    session = session_for(world.school.parent)
    parent_at(session, world, "said_no", world.school.parent.person_id)
    session.commit()
    client = client_for(world.school.parent)
    page = client.post("/my/leave", follow_redirects=True).text
    assert "You are not taking part" in page
    assert "I have changed my mind" in page
    page = client.post("/my/come-back", follow_redirects=True).text
    assert "will call you" in page


def test_a_mistyped_parent_is_removed_until_there_is_a_history(staff, world):
    school = world.school
    parent_id = services.add_parent(
        staff, school.school_id, ParentDetails("Mis", "Typed", phone="+447700900777")
    ).id
    noting.remove_parent(staff, school.school_id, parent_id)
    left = staff.execute(
        text("select count(*) from parent_contact where parent_id = :id"), {"id": parent_id}
    ).scalar_one()
    assert left == 0
    for key in ("waiting_parent_id", "parent_id"):
        with pytest.raises(Refused, match="history"):
            noting.remove_parent(staff, school.school_id, school.ids[key])


def test_the_database_keeps_whoever_was_asked(staff, world):
    """Given somebody with a history, when their rows are deleted past the service, then they stay."""
    me = world.school.ids["waiting_parent_id"]
    for table in ("parent_event", "recruitment_profile", "parent_contact"):
        gone = staff.execute(text(f"delete from {table} where parent_id = :id"), {"id": me})
        assert gone.rowcount == 0, table
    assert staff.execute(text("delete from parent where id = :id"), {"id": me}).rowcount == 0


def test_a_parent_without_phone_and_email_is_kept_when_staff_say_so(client_for, world):
    client = client_for(world.school.senco)
    person = {
        "first_name": "Olive",
        "last_name": "Paper",
        "language": "en",
        "year_group": "",
        "attendance_band": "",
    }
    page = client.post("/school/parents/add", data=person).text
    assert "One is enough" in page
    both = {**person, "on_paper": "y", "email": "olive@example.org"}
    assert "Untick the box" in client.post("/school/parents/add", data=both).text
    page = client.post("/school/parents/add", data={**person, "on_paper": "y"}, follow_redirects=True).text
    assert "Everything goes to them on paper" in page
    assert "Make a letter to print" in page


def test_the_printed_plan_is_made_for_who_has_a_place(client_for, world, monkeypatch):
    # Whatever day of the week the world was made on.
    monkeypatch.setattr("app.cohorts.services.list_conflicts", lambda *_asked: [])
    client = client_for(world.school.senco)
    answer = client.post(f"/school/parents/{world.school.parent.person_id}/plan")
    assert "/documents/" in answer.headers["Location"]
    page = client.post(
        f"/school/parents/{world.school.ids['identified_parent_id']}/plan", follow_redirects=True
    ).text
    assert "no group with dates yet" in page
    foreign = world.sibling_school.ids["identified_parent_id"]
    assert client.post(f"/school/parents/{foreign}/plan").status_code == 404


def test_an_answer_and_a_taking_back_count_for_what_their_page_showed(client_for, world):
    """A colleague noted something else while the page was open: nothing is done, what was typed stays."""
    at = f"/school/parents/{world.school.ids['identified_parent_id']}"
    mine, colleague = client_for(world.school.senco), client_for(world.school.lead)
    typed = {"to_stage": "said_no", "how": "telephone", "reason": "Not this year, she said"}
    stale = typed | {"as_shown": mark_in(mine.get(f"{at}/answer").text)}
    assert colleague.post(f"{at}/answer", data=typed | {"reason": "First"}).status_code == 303

    answer = mine.post(f"{at}/answer", data=stale)
    assert answer.status_code == 200
    assert "Something changed here" in answer.text
    assert "Choose one of the answers" not in answer.text
    assert "Not this year, she said" in answer.text

    old = mark_in(mine.get(f"{at}/take-back").text)
    colleague.post(f"{at}/take-back", data={"reason": "It was another parent"})
    colleague.post(f"{at}/answer", data=typed | {"reason": "Really no"})
    undone = mine.post(f"{at}/take-back", data={"reason": "Wrong", "as_shown": old})
    assert undone.status_code == 200
    assert "Something changed here" in undone.text
    assert "Said no" in mine.get(at).text


def mark_in(page):
    return find_in(r'name="as_shown" value="([^"]+)"', page).group(1)
