"""What pages say while a fresh start is under way, and after it: true, and to nobody who must not learn of it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.recruitment.words import HELD
from tests.integration.accounts.test_fresh_start import (  # noqa: F401
    agree,
    ask,
    later,
    messages,
    tab,
    under_way,
)
from tests.integration.test_state_words import put, says  # noqa: F401
from tests.support.answers import page_words as words

CARD = "The school was asked for a new way in for you"
REASON = {"reason": "Her former partner has the old phone."}
NOT_HER = ("fresh start", "new way", "keeps you safe", "was asked")


@pytest.fixture
def start(later, tab, world):  # noqa: F811
    """A fresh start, asked and agreed, with notice or without; of the parent in the running group."""

    def make(*, told: bool, of: str = "parent"):
        later(days=40)
        person = getattr(world.school, of)
        assert ask(tab(world.school.attendance_lead), person).status_code == 303
        if not told:
            url = f"/school/parents/{person.person_id}/fresh-start/silence"
            assert tab(world.school.dsl).post(url, data=REASON).status_code == 303
        agree(tab(world.school.senco), person)
        return person

    return make


PAGES = ("/my", "/my/group", "/my/answers", "/my/answers/before", "/my/data", "/my/choices", "/my-account")


def test_without_notice_no_page_of_the_old_way_in_says_that_there_is_a_fresh_start(start, tab):  # noqa: F811
    old = tab(start(told=False))
    for page in PAGES:
        answer = old.get(page, follow_redirects=True)
        assert answer.status_code == 200
        assert [said for said in NOT_HER if said in words(answer.text)] == [], page
    assert says(old.get("/my").text, HELD)
    assert CARD not in old.get("/my").text


def test_with_notice_the_old_way_in_reads_why(start, tab):  # noqa: F811
    assert CARD in tab(start(told=True)).get("/my").text


def test_without_notice_whoever_came_in_by_the_new_way_reads_why(start, messages, client_for):  # noqa: F811
    start(told=False)
    new = client_for(None)
    assert new.post(f"/link/{messages('fresh_start_link')[0]}").status_code == 303
    page = new.get("/my").text
    assert CARD in page
    assert says(page, HELD)


def test_staff_read_what_happens_as_it_was_chosen(later, tab, world):  # noqa: F811
    later(days=40)
    person = world.school.parent
    told = "The old addresses are told, and can stop it for 24 hours."
    assert told in under_way(tab(world.school.attendance_lead), person)
    ask(tab(world.school.attendance_lead), person)
    assert told in under_way(tab(world.school.senco), person)
    tab(world.school.dsl).post(f"/school/parents/{person.person_id}/fresh-start/silence", data=REASON)
    for colleague in (world.school.senco, world.school.dsl):
        page = under_way(tab(colleague), person)
        assert told not in page
        assert "The old addresses are not told." in page
        assert "and not why" in page
    agree(tab(world.school.senco), person)
    assert told not in under_way(tab(world.school.senco), person)


def test_a_hold_is_not_a_group_that_has_not_begun(start, tab, run):  # noqa: F811
    """Neither on the pages, nor in tasks, nor are questions open whose time is over."""
    person = start(told=True)
    old = tab(person)
    for page in ("/my", "/my/group"):
        assert says(old.get(page).text, HELD), page
        assert "When the dates are set" not in old.get(page).text
    assert "Your first 12 questions" not in old.get("/my").text
    assert "Not shown just now" in old.get("/my/answers").text
    assert "These questions are not shown just now." in old.get("/my/answers/before").text
    assert old.post("/my/answers/before/1", data={"answer": "5"}).status_code == 303
    assert run(person, "select 1 from answer_set where occasion = 'before'") == 0


def test_answers_that_were_sent_are_shown_in_a_hold(start, tab):  # noqa: F811
    old = tab(start(told=True, of="graduate"))
    assert old.get("/my/answers").text.count("Sent on") == 2
    assert says(old.get("/my").text, HELD)


def test_answers_from_before_a_fresh_start_are_shut_and_never_asked_for_again(
    start,
    later,  # noqa: F811
    messages,  # noqa: F811
    client_for,
):
    start(told=True, of="graduate")
    later(hours=25)
    new = client_for(None)
    new.post(f"/link/{messages('fresh_start_link')[0]}")
    page = new.get("/my/answers").text
    assert "You answered these before your fresh start." in page
    assert "You answered these before your fresh start." in new.get("/my/answers/before").text
    assert "Your first 12 questions" not in new.get("/my").text


def came_in(client_for, messages):  # noqa: F811
    new = client_for(None)
    assert new.post(f"/link/{messages('fresh_start_link')[0]}").status_code == 303
    return new


def nothing_of(page):
    return words(page).partition("Of these we hold nothing about you:")[2].partition("To print")[0]


def test_what_we_hold_is_not_said_to_be_nothing_while_it_is_not_shown(start, tab):  # noqa: F811
    page = tab(start(told=True)).get("/my/data").text
    assert "A group that you left" not in page
    assert "They are here again within a day" in page
    assert "Sessions you came to" not in nothing_of(page)
    assert "Topics you voted for" not in nothing_of(page)


def test_what_is_from_before_a_fresh_start_is_said_to_be_shut_on_the_page_and_in_the_file(
    start,
    later,  # noqa: F811
    messages,  # noqa: F811
    client_for,
    put,  # noqa: F811
):
    start(told=True, of="graduate")
    later(hours=25)
    new = came_in(client_for, messages)
    put("update identity.browser_session set confirmed_at = app.now()")
    page = new.get("/my/data").text
    assert "What is older stays shut" in page
    assert "Your answers to the questions" not in nothing_of(page)
    assert "Sessions you came to" not in nothing_of(page)
    file = new.get("/my/data/download").get_json()
    assert "answers" in file["not_shown"]["from_before"]
    assert file["not_shown"]["since"][:4].isdigit()
    assert "held_now" not in file["contact"][0]


def test_what_is_deleted_is_asked_once_more_and_then_spoken_of_no_more(
    start,
    later,  # noqa: F811
    messages,  # noqa: F811
    client_for,
):
    start(told=True, of="graduate")
    later(hours=25)
    new = came_in(client_for, messages)
    link = "What you wrote before your fresh start"
    assert link in new.get("/my-account").text
    assert "Tick the box if you are sure" in new.post("/my/before").text
    assert link in new.get("/my-account").text

    assert "Deleted." in new.post("/my/before", data={"sure": "y"}, follow_redirects=True).text
    assert link not in new.get("/my-account").text
    for again in (new.get, new.post):
        assert "Nothing is left from before." in again("/my/before", follow_redirects=True).text
    assert "You answered these before your fresh start." not in new.get("/my/answers").text


@pytest.fixture
def run(acting_as):
    def execute(person, statement):
        with acting_as(person) as session:
            return session.execute(text(statement)).rowcount

    return execute


def test_who_chose_texts_and_has_only_an_email_now_is_asked(client_for, world, put):  # noqa: F811
    """After a fresh start by email nothing of what they said yes to reaches them, and their home says so."""
    person = world.school.parent
    asks, reached = "May we email you?", "None of our messages reach you now."
    choose = "update consent set given = :given where parent_id = :id and kind = :kind"
    put(
        "update parent_contact set phone = '', email = 'new@example.org' where parent_id = :id",
        id=person.person_id,
    )
    for kind, given in (("email", False), ("text", True)):
        put("delete from consent where parent_id = :id and kind = :kind", id=person.person_id, kind=kind)
        put(
            "insert into consent (school_id, parent_id, kind, given, wording_version, changed_at)"
            " values (:school, :id, :kind, :given, 1, app.now())",
            school=person.school_id,
            id=person.person_id,
            kind=kind,
            given=given,
        )
    page = client_for(person).get("/my").text
    assert asks in page
    assert reached in page

    put(choose, given=False, id=person.person_id, kind="text")
    assert asks not in client_for(person).get("/my").text, "who wants no messages is not asked for them"
    put(choose, given=True, id=person.person_id, kind="email")
    assert asks not in client_for(person).get("/my").text
