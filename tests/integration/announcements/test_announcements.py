"""What a council announces: seen before it goes, read by the right schools and people, taken back, and kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.announcements.messages import KIND, AnnouncementFact
from app.messages.problems import Problem
from infra.clock import now, today
from tests.support.borrowed import as_login

PAGE, SCHOOLS = "/authority/announcements", "/school/announcements"
WORDS = "Please enter your autumn dates by Friday. We help gladly."


def form(**changes):
    until = changes.pop("until", today() + timedelta(days=14))
    return {
        "heading": "Autumn dates",
        "words": WORDS,
        "stage": "",
        "to": "leads",
        "show_until": [str(until.day), str(until.month), str(until.year)],
    } | changes


@pytest.fixture
def council(client_for, world):
    return client_for(world.authority.admin)


@pytest.fixture
def rows(connection):
    def of(statement, **values):
        with as_login(connection, "wb_owner"):
            return connection.execute(text(statement), values).mappings().all()

    return of


@pytest.fixture
def announce(council):
    """Look, then send; the answer to sending."""

    def send(**changes):
        shown = mark_of(council.post(PAGE, data=form(**changes)))
        return council.post(PAGE, data=form(step="send", as_shown=shown, **changes), follow_redirects=True)

    return send


def mark_of(page):
    """What the button of this page says that it showed; empty where there is none."""
    return (
        page.text.split('name="as_shown" value="')[1].split('"')[0] if 'name="as_shown"' in page.text else ""
    )


def _emails(rows):
    return rows("select * from outbox where kind = 'announcement'")


def test_before_it_goes_the_council_sees_the_email_that_goes(council, rows, world):
    page = council.post(PAGE, data=form()).text

    assert "Nothing has been sent yet" in page
    assert "Autumn dates" in page
    assert f"“{WORDS}”" in page
    assert "[their own link]" in page
    assert "By email: " in page
    assert _emails(rows) == []
    assert rows("select 1 from announcement") == []


def test_it_goes_to_the_leads_of_the_councils_schools_and_to_nobody_elses(announce, rows, world):
    answer = announce()

    assert "It is on the first pages of these schools now" in answer.text
    sent = _emails(rows)
    assert {one["recipient_id"] for one in sent} == {
        world.school.lead.person_id,
        world.sibling_school.lead.person_id,
    }
    assert {one["channel"] for one in sent} == {"email"}


@pytest.mark.parametrize(("to", "roles"), [("leads_and_senco", {"lead", "senco"}), ("dsl", {"dsl"})])
def test_who_gets_the_email_is_chosen_by_role(announce, rows, world, to, roles):
    announce(to=to)

    expected = {getattr(school, role).person_id for role in roles for school in world.authority.schools}
    assert {one["recipient_id"] for one in _emails(rows)} == expected


def test_by_stage_it_reaches_those_that_stand_there(announce, client_for, rows, world, connection):
    with as_login(connection, "wb_owner"):
        connection.execute(
            text("update school set stage = 'paused' where school_id = :id"),
            {"id": world.sibling_school.school_id},
        )
    announce(stage="paused")

    assert {one["school_id"] for one in _emails(rows)} == {world.sibling_school.school_id}
    assert WORDS in client_for(world.sibling_school.senco).get(SCHOOLS).text
    assert WORDS not in client_for(world.school.senco).get(SCHOOLS).text


def test_everybody_at_work_reads_it_at_home_until_its_day(announce, client_for, world, clock):
    announce(until=today() + timedelta(days=2))

    for person in (world.school.lead, world.school.senco, world.school.dsl):
        home = client_for(person).get("/school").text
        assert "Autumn dates" in home
        assert "From the council" in home
    assert "Autumn dates" not in client_for(world.other_school.senco).get("/school").text
    clock.move(timedelta(days=3))
    assert WORDS not in client_for(world.school.senco).get(SCHOOLS).text


def test_taken_back_it_is_gone_at_once_and_emails_that_wait_do_not_go(
    announce, council, client_for, rows, world
):
    announce()
    (one,) = rows("select id from announcement")
    shown = mark_of(council.get(PAGE))

    answer = council.post(f"{PAGE}/{one['id']}/stop", data={"as_shown": shown}, follow_redirects=True)

    assert "It is taken back" in answer.text
    assert WORDS not in client_for(world.school.senco).get(SCHOOLS).text
    # Kept, with who took it back.
    assert WORDS in answer.text
    assert "Taken back by" in answer.text
    assert AnnouncementFact(was_stopped=True).why_not(KIND, None, now()) is Problem.TAKEN_BACK
    council.post(f"{PAGE}/{one['id']}/stop", data={"as_shown": shown})
    assert len(rows("select 1 from announcement where stopped_at is not null")) == 1


def test_a_school_that_was_emailed_reads_that_it_was_taken_back(announce, council, client_for, rows, world):
    announce()
    (one,) = rows("select id from announcement")
    council.post(f"{PAGE}/{one['id']}/stop", data={"as_shown": mark_of(council.get(PAGE))})

    page = client_for(world.school.lead).get(SCHOOLS).text
    assert "was taken back on" in page
    assert "Autumn dates" in page


def test_what_was_taken_back_counts_among_those_of_the_day(announce, council, rows):
    """Given emails that may have gone, when it is written again and again, then a day has two."""
    for _number in range(4):
        announce()
        for one in rows("select id from announcement where stopped_at is null"):
            council.post(f"{PAGE}/{one['id']}/stop", data={"as_shown": mark_of(council.get(PAGE))})

    assert len(rows("select 1 from announcement")) == 2


def test_the_same_words_to_other_readers_are_another_announcement(announce, rows, world):
    announce()
    answer = announce(to="dsl")

    assert "Nothing was sent twice" not in answer.text
    assert len(rows("select 1 from announcement")) == 2


def test_another_council_finds_nothing_of_it(announce, client_for, rows, world):
    announce()
    (one,) = rows("select id from announcement")
    other = client_for(world.other_authority.admin)

    assert WORDS not in other.get(PAGE).text
    assert other.post(f"{PAGE}/{one['id']}/stop").status_code == 404


def test_the_same_twice_is_once_and_three_in_a_day_are_too_many(announce, council, rows):
    announce()
    assert "Nothing was sent twice" in announce().text
    announce(heading="A second one")
    page = council.get(PAGE).text

    assert "More would not be read" in page
    announce(heading="A third one")
    assert len(rows("select 1 from announcement")) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"words": "See https://example.org now"}, "Take out the link"),
        ({"words": "Call 07700 900123 today"}, "Take out the phone number"),
        ({"heading": "www.example.org"}, "Take out the link"),
        ({"until": today() - timedelta(days=1)}, "from today on"),
        ({"until": today() + timedelta(days=100)}, "within three months"),
        ({"stage": "agreement_signed"}, "Nobody at these schools works in that role"),
        ({"heading": ""}, "Write a heading"),
        ({"words": ""}, "Write what schools should know"),
        ({"to": ""}, "Choose who gets an email"),
    ],
)
def test_what_cannot_go_is_said_and_stays_typed(council, rows, change, said):
    page = council.post(PAGE, data=form(**change)).text

    assert said in page
    assert ("Autumn dates" in page) or "heading" in change
    assert rows("select 1 from announcement") == []


def test_a_colleague_who_announced_meanwhile_is_read_first(council, announce, rows):
    shown = mark_of(council.post(PAGE, data=form(heading="Mine")))
    announce()
    answer = council.post(PAGE, data=form(heading="Mine", step="send", as_shown=shown))

    assert "A colleague has announced something meanwhile" in answer.text
    assert len(rows("select 1 from announcement")) == 1


@pytest.mark.parametrize("words", ["Look at evil . com", "evil(dot)com", "bit\u3002ly/abc", "EXAMPLE.COM"])
def test_a_link_is_one_however_it_is_written(council, words):
    page = council.post(PAGE, data=form(words=words))
    assert "Take out the link" in page.text
    assert words in page.text


def test_dates_and_numbers_of_schools_are_no_links_and_no_phones(council):
    words = "School 123456 begins on the dot in 2026/27. Please read it."
    assert "How it reads" in council.post(PAGE, data=form(words=words)).text
