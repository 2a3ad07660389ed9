"""A graduate offers to lead, sees where it stands and may take it back; a facilitator has a record."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.facilitators import queries, services
from app.shell.refusals import Refused
from tests.support.reading import find_in

ANSWERS = {
    "group": "January group",
    "why": "Somebody believed me.",
    "listening": "On the bus.",
    "hard_memories": "A walk.",
    "child_safe": "Tell the safeguarding lead the same day.",
    "family_links": "One child here.",
    "when": "Tuesdays",
    "needs": "",
    "first_name": "Ada Bell",
    "first_contact": "ada@example.org",
    "first_relationship": "Work",
    "second_name": "Ben Cole",
    "second_contact": "07700 900555",
    "second_relationship": "Choir",
}


@pytest.fixture
def graduate(client_for, world):
    return client_for(world.school.graduate)


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def applicant_url(world):
    return f"/school/facilitators/{world.school.ids['applicant_id']}"


def test_who_has_not_finished_a_group_sees_warmly_when_they_can(client_for, world):
    parent = client_for(world.school.parent)

    assert "when your own group has finished" in parent.get("/my/lead").get_data(as_text=True)
    assert parent.post("/my/lead", data=ANSWERS).status_code == 200
    assert parent.get("/my/lead/check").status_code == 200
    assert parent.get("/my/lead/application").status_code == 302
    assert parent.get("/my/lead/withdraw").status_code == 302


def test_the_application_says_where_it_stands_and_what_comes(graduate, applicant_url, senco):
    assert graduate.get("/my/lead").location == "/my/lead/application"
    page = graduate.get("/my/lead/application").get_data(as_text=True)
    assert "We have your application" in page
    assert "about four days" in page

    senco.post(f"{applicant_url}/to/shortlisted", data={"reason": "Private words of staff"})

    page = graduate.get("/my/lead/application").get_data(as_text=True)
    assert "not a test" in page
    assert "Private words of staff" not in page


def test_taken_back_and_sent_again_is_one_application(graduate, senco, applicant_url, session_for, world):
    assert graduate.post("/my/lead/withdraw", data={"reason": "Too much now"}).status_code == 303
    assert "You took your offer back" in graduate.get("/my/lead/application").get_data(as_text=True)
    assert "Too much now" in senco.get(applicant_url).get_data(as_text=True)

    looked_over = graduate.post("/my/lead", data=ANSWERS)
    assert looked_over.location == "/my/lead/check"
    page = graduate.get("/my/lead/check").get_data(as_text=True)
    assert "Somebody believed me." in page
    assert "Ada Bell" in page
    assert graduate.post("/my/lead/check").status_code == 303
    assert graduate.post("/my/lead/check").status_code == 302

    page = senco.get(applicant_url).get_data(as_text=True)
    assert "Somebody believed me." in page
    assert "One child here." in page
    count = session_for(world.school.lead).scalar(
        text("select count(*) from facilitator where school_id = :s and parent_id = :p"),
        {"s": world.school.school_id, "p": world.school.graduate.person_id},
    )
    assert count == 1


def shown_in(graduate) -> dict[str, str]:
    """What the page of one window sends of itself."""
    page = graduate.get("/my/lead?start=1").text
    return {"seen": find_in(r'name="seen"[^>]*value="([^"]+)"', page)[1]}


def test_two_windows_write_one_application(graduate):
    """What one window left alone keeps what the other wrote; where both wrote, both are shown and none is lost."""
    graduate.post("/my/lead/withdraw", data={})
    empty = dict.fromkeys(ANSWERS, "") | {"group": ANSWERS["group"]}
    graduate.post("/my/lead", data=empty)
    phone, library, third = shown_in(graduate), shown_in(graduate), shown_in(graduate)

    graduate.post("/my/lead", data=empty | phone | {"listening": "Written on the phone."})
    rest = ANSWERS | library | {"listening": ""}
    assert graduate.post("/my/lead", data=rest).location == "/my/lead/check"
    page = graduate.get("/my/lead/check").text
    assert "Written on the phone." in page
    assert ANSWERS["why"] in page

    page = graduate.post("/my/lead", data=empty | third | {"listening": "Written in a third window."}).text
    assert "This was saved in another window" in page
    assert "Written on the phone." in page
    assert "Written in a third window." in page
    assert "Written on the phone." in graduate.get("/my/lead/check").text


def test_named_people_become_references_with_one_press(graduate, senco, applicant_url):
    graduate.post("/my/lead/withdraw", data={})
    graduate.post("/my/lead", data=ANSWERS)
    graduate.post("/my/lead/check")
    assert "Add the 2 people they named" in senco.get(applicant_url).get_data(as_text=True)

    senco.post(f"{applicant_url}/references/use")
    senco.post(f"{applicant_url}/references/use")

    page = senco.get(applicant_url).get_data(as_text=True)
    assert page.count("ada@example.org") == 1
    assert "people they named" not in page


def test_a_missing_answer_keeps_the_others(graduate):
    graduate.post("/my/lead/withdraw", data={})

    page = graduate.post("/my/lead", data=ANSWERS | {"why": " "}).get_data(as_text=True)

    assert "Say in a few words why" in page
    assert "Tell the safeguarding lead the same day." in page
    assert "Ada Bell" in page


def test_the_same_person_twice_is_not_two(graduate):
    graduate.post("/my/lead/withdraw", data={})

    page = graduate.post("/my/lead", data=ANSWERS | {"second_contact": "ADA@example.org"})

    assert "Name two different people" in page.get_data(as_text=True)


def test_an_offer_that_is_not_there_is_sent_once(session_for, world):
    session = session_for(world.school.graduate)
    school_id, parent_id = world.school.school_id, world.school.graduate.person_id

    assert services.apply(session, school_id, parent_id, {"why": "x"}) is False
    assert services.withdraw(session, school_id, parent_id) is True
    assert services.withdraw(session, school_id, parent_id) is False
    assert services.apply(session, school_id, parent_id, {"why": "y"}) is True


def test_a_graduate_applies_for_the_first_time(session_for, world):
    session = session_for(world.school.parent)
    school_id, parent_id = world.school.school_id, world.school.parent.person_id
    session.execute(text("update parent set stage = 'graduated' where id = :p"), {"p": parent_id})

    assert services.apply(session, school_id, parent_id, {"why": "x"}) is True
    assert services.apply(session, school_id, parent_id, {"why": "x"}) is False

    person = queries.find_of_parent(session, school_id, parent_id)
    assert person
    assert person.stage == "applied"
    assert person.name.startswith("Parent")


def test_only_a_graduate_applies(session_for, world):
    session = session_for(world.school.parent)

    with pytest.raises(Refused):
        services.apply(session, world.school.school_id, world.school.parent.person_id, {})


def test_a_chosen_facilitator_leads_and_an_applicant_does_not(session_for, world):
    session = session_for(world.school.senco)
    school_id = world.school.school_id

    services.start_leading(session, school_id, world.school.facilitator.person_id)
    with pytest.raises(Refused):
        services.start_leading(session, school_id, world.school.ids["applicant_id"])
    with pytest.raises(Refused):
        services.rest(session, school_id, world.school.facilitator.person_id)

    assert [person.id for person in queries.list_ready(session, school_id)] == [
        world.school.facilitator.person_id
    ]


def test_a_facilitator_sees_their_own_record(client_for, world, senco):
    url = f"/school/facilitators/{world.school.facilitator.person_id}/training/add"
    senco.post(url, data={"title": "Keeping people safe", "on_date": ["1", "9", "2025"], "minutes": "90"})

    page = client_for(world.school.facilitator).get("/group/record").get_data(as_text=True)

    assert "Keeping people safe" in page
    assert "Meeting now" in page


def test_a_parent_may_change_nothing_but_the_stage(session_for, world):
    session = session_for(world.school.graduate)

    with pytest.raises(Exception, match="permission denied"):
        session.execute(text("update facilitator set name = 'Somebody else'"))


def test_a_parent_cannot_make_themselves_ready(session_for, world):
    session = session_for(world.school.graduate)

    with pytest.raises(Exception, match="one step at a time"), session.begin_nested():
        session.execute(text("update facilitator set stage = 'ready'"))
    with pytest.raises(Exception, match="row-level security"), session.begin_nested():
        session.execute(text("update facilitator set stage = 'training'"))


def test_home_asks_nobody_who_has_offered_and_leads_on_who_has_begun(graduate, applicant_url):
    """Given an application under way, then no card asks for one; given words not sent, then the card goes on."""
    assert "Help lead a group?" not in graduate.get("/my").text
    graduate.post("/my/lead/withdraw", data={"reason": ""})
    assert "How it works" in graduate.get("/my").text
    graduate.post("/my/lead", data=ANSWERS)
    assert "Go on with what you wrote" in graduate.get("/my").text


def test_a_letter_that_nothing_can_keep_is_named_and_all_else_is_kept(graduate):
    """Given an answer with a sign from a PDF that no database takes, then the form says so, with every answer in it."""
    graduate.post("/my/lead/withdraw", data={})
    page = graduate.post("/my/lead", data={**ANSWERS, "why": "Some\x00body believed me."}).text
    assert "There is a problem" in page
    assert "On the bus." in page
    later = graduate.get("/my/lead?start=1").text
    assert "On the bus." in later
    assert "Somebody believed me." in later
