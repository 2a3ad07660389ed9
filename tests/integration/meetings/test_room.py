"""The room companion's side of the service: what goes to a phone, and what becomes of what it sends."""

from __future__ import annotations

from typing import Any

import pytest

from app.meetings.queries import Member
from app.meetings.room import needs_of
from infra.clock import now


@pytest.fixture
def session_id(look, world):
    asked = "select id from cohort_session where cohort_id = :cohort and number = 4"
    return look(world.school.facilitator, asked, cohort=world.school.ids["cohort_id"])[0].id


@pytest.fixture
def room(client_for, world, at, session_id):
    """The room of tonight's session, at six: `ask()` is what a phone gets, `send(...)` what it sends."""
    at(18)
    client = client_for(world.school.facilitator)
    path = f"/group/sessions/{session_id}/room.json"

    class Room:
        address = path

        def ask(self) -> Any:
            return client.get(path).get_json()

        def send(self, *marks: tuple[Any, str, str], **others: Any) -> Any:
            sent = [{"of": of.hex, "saw": saw, "chosen": chosen} for of, saw, chosen in marks]
            return client.post(path, json={"marks": sent, **others})

        def post(self, **options: Any) -> Any:
            return client.post(path, **options)

    return Room()


def mark_of(state: Any, parent_id: Any) -> str:
    return next(person["mark"] for person in state["people"] if person["of"] == parent_id.hex)


def test_a_phone_gets_first_names_and_marks_and_no_way_to_reach_anybody(room, world):
    state = room.ask()

    assert {key for person in state["people"] for key in person} == {"of", "name", "mark", "away"}
    text = str(state)
    contact = world.school.parent
    assert contact.email not in text
    assert [part["minutes"] for part in state["parts"]] == [30, 20, 30, 10, 0]


def test_a_mark_is_kept_changed_and_taken_away_again(room, world):
    parent = world.school.parent.person_id

    assert mark_of(room.send((parent, "", "present")).get_json(), parent) == "present"
    assert mark_of(room.send((parent, "present", "late")).get_json(), parent) == "late"
    assert mark_of(room.send((parent, "late", "")).get_json(), parent) == ""
    # The same once more, as after a lost answer.
    assert mark_of(room.send((parent, "late", "")).get_json(), parent) == ""


def test_a_mark_that_somebody_else_changed_meanwhile_stays_and_is_told(room, world):
    parent = world.school.parent.person_id
    room.send((parent, "", "absent"))

    answer = room.send((parent, "", "present")).get_json()

    assert answer["others"] == {parent.hex: "absent"}
    assert mark_of(answer, parent) == "absent"


def test_marks_of_a_session_that_was_closed_meanwhile_are_refused_in_words(room, world, at, client_for):
    for person in ("parent", "other_parent"):
        room.send((world.school.people[person].person_id, "", "present"))
    at(19, 30)
    leader = client_for(world.school.facilitator)
    leader.post(room.address.replace("room.json", "close"), data={"without_notes": "y"})

    answer = room.send((world.school.parent.person_id, "present", "absent")).get_json()

    assert answer["refused"] == {"marks": "This session is closed, so the register cannot be changed."}
    assert mark_of(answer, world.school.parent.person_id) == "present"


def test_nobody_of_another_group_is_marked(room, world, look):
    stranger = world.other_school.parent.person_id

    assert room.send((stranger, "", "present")).status_code == 200

    rows = look(world.school.facilitator, "select parent_id from attendance where parent_id = :p", p=stranger)
    assert rows == []


def test_a_look_back_and_the_rules_are_kept_once(room, world, look):
    said = {"parts": ["welcome", "theme"], "times": "nearly", "turns": "everybody"}
    for _again in range(2):
        answer = room.send(rules=True, reflection=said).get_json()
        assert (answer["rules"], answer["reflection"]) == (True, said)

    trail = look(
        world.school.facilitator,
        "select parts, times from session_reflection where facilitator_id = :me",
        me=world.school.facilitator.person_id,
    )
    assert [tuple(row) for row in trail] == [(["welcome", "theme"], "nearly")]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        "marks",
        {"marks": "all"},
        {"marks": [{}]},
        {"marks": [{"of": "x", "saw": "", "chosen": "present"}]},
        {"marks": [{"of": "0" * 32, "saw": "", "chosen": "dead"}]},
        {"marks": [{"of": "0" * 32, "saw": 1, "chosen": "present"}]},
        {"marks": [{"of": "0" * 32, "saw": "", "chosen": "present"}] * 61},
        {"marks": [], "reflection": {}},
        {"marks": [], "rules": "yes"},
        {"marks": [], "reflection": {"parts": ["feelings"], "times": "kept", "turns": "everybody"}},
        {"marks": [], "reflection": {"parts": [1], "times": "kept", "turns": "everybody"}},
        {"marks": [], "reflection": {"parts": ["theme", "theme"], "times": "kept", "turns": "everybody"}},
        {"marks": [], "reflection": {"parts": [], "times": None, "turns": "everybody"}},
    ],
)
def test_what_no_page_of_ours_sends_is_refused_and_nothing_of_it_kept(room, world, sent):
    before = room.ask()["people"]

    assert room.post(json=sent).status_code == 400
    assert room.ask()["people"] == before


def test_what_is_not_json_is_refused(room):
    assert room.post(data=b"\xff\x00{", content_type="application/json").status_code == 400
    assert room.post(data={"marks": "present"}).status_code == 400


def test_before_its_day_a_session_takes_no_marks_and_before_its_hour_no_look_back(room, world, at):
    at(12, days=-1)
    said = {"parts": [], "times": "kept", "turns": "everybody"}

    answer = room.send((world.school.parent.person_id, "", "present"), reflection=said).get_json()

    assert set(answer["refused"]) == {"marks", "reflection"}
    assert answer["keepFrom"] > now().timestamp() * 1000
    assert mark_of(answer, world.school.parent.person_id) == ""


def test_rules_that_were_ticked_by_a_slip_are_taken_back(room):
    assert room.send(rules=True).get_json()["rules"] is True
    assert room.send(rules=False).get_json()["rules"] is False


def test_staff_read_how_a_session_was_held_and_no_name_of_who_said_it(room, world, client_for, at):
    room.send(rules=True, reflection={"parts": ["welcome"], "times": "not_kept", "turns": "not_everybody"})
    at(20)

    page = client_for(world.school.lead).get(f"/school/groups/{world.school.ids['cohort_id']}/held").text

    assert "Without: Theme, At home, Summing up" in page
    assert "Not kept" in page
    assert "Not everybody" in page


def test_who_led_is_asked_for_a_week_and_no_longer(client_for, world, at):
    asked = "Look back on session 4"
    at(20)
    assert asked in client_for(world.school.facilitator).get("/group").text
    at(20, days=8)
    assert asked not in client_for(world.school.facilitator).get("/group").text


def test_a_look_back_on_the_page_without_javascript_is_kept_and_changed(client_for, world, at, session_id):
    at(20)
    leader = client_for(world.school.facilitator)
    address = f"/group/sessions/{session_id}/look-back"

    missing = leader.post(address, data={"parts": ["theme"]})
    assert "Choose whether you kept to the times" in missing.text
    assert 'value="theme" checked' in missing.text

    sent = {"parts": ["theme"], "times": "kept", "turns": "everybody"}
    assert "What you ticked is kept" in leader.post(address, data=sent, follow_redirects=True).text
    assert (
        "What you ticked is kept"
        in leader.post(address, data=sent | {"times": "nearly"}, follow_redirects=True).text
    )


def test_the_page_for_no_signal_names_nobody(client_for, world):
    page = client_for(None).get("/group/room-shell")

    assert page.status_code == 200
    assert "drafts." not in page.text
    script = client_for(None).get("/group/room-worker.js")
    assert script.mimetype == "text/javascript"


def test_thousands_of_brackets_are_refused_as_any_other_nonsense(room):
    assert room.post(data="[" * 20000, content_type="application/json").status_code == 400


def test_what_people_need_and_the_words_to_close_are_in_the_room(room, world, look):
    state = room.ask()

    assert state["needs"] == []
    at_home = state["parts"][2]
    assert "I heard … Have I got this right?" in at_home["check"]
    assert "Session 4" in state["where"]


def test_needs_name_whom_they_are_of(world):
    member = Member(world.school.parent.person_id, "A B", "A", "", "", True, "pl", "step-free", False, False)

    assert needs_of(member) == "an interpreter, step-free"


def test_whoever_leads_no_more_is_answered_with_who_asked(client_for, world, session_id):
    """The phone then knows whether the marks on it are theirs."""
    address = f"/group/sessions/{session_id}/room.json"
    answer = client_for(world.other_school.facilitator).get(address)

    assert answer.status_code == 404
    assert len(answer.get_json()["owner"]) == 32


def test_a_closed_register_says_who_can_open_it_again(room, world, at, client_for):
    for person in ("parent", "other_parent"):
        room.send((world.school.people[person].person_id, "", "present"))
    at(19, 30)
    client_for(world.school.facilitator).post(
        room.address.replace("room.json", "close"), data={"without_notes": "y"}
    )
    assert "Whoever leads can open it again until" in room.ask()["whyNot"]

    at(21)
    assert "tell your person at school" in room.ask()["whyNot"]
