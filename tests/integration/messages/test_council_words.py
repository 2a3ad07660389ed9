"""A council says a sentence of a message in its own words: seen before it is used, in force at once, taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.integration.announcements.test_announcements import mark_of
from tests.support.borrowed import as_login

LIST, MISSED = "/words", "/words/we_missed_you"
PIECE = f"{MISSED}/no_need"
WORDS = "We missed you, and ((council)) wishes you well."


@pytest.fixture
def council(client_for, world):
    return client_for(world.authority.admin)


@pytest.fixture
def rows(connection):
    with as_login(connection, "wb_owner"):
        pass

    def of():
        with as_login(connection, "wb_owner"):
            return connection.execute(text("select * from council_words order by version")).mappings().all()

    return of


@pytest.fixture
def use(council):
    """Look, then use; the answer."""

    def send(words=WORDS, page=PIECE):
        shown = mark_of(council.post(page, data={"words": words}))
        return council.post(
            page, data={"step": "use", "words": words, "as_shown": shown}, follow_redirects=True
        )

    return send


def test_every_message_is_listed_and_reads_as_it_goes(council):
    page = council.get(LIST).text

    assert "Every message that the service sends" in page
    assert "A friendly word" in page
    assert "We missed you the last two times." in council.get(MISSED).text


def test_it_is_seen_before_it_is_used(council, rows):
    page = council.post(PIECE, data={"words": WORDS}).text

    assert "Nothing has changed yet" in page
    assert "We missed you, and " in page
    assert "((council))" not in page.split('class="wb-preview"')[1].split("</div>")[0]
    assert rows() == []


def test_what_is_used_is_said_by_whom_and_since_when(use, council, rows, world):
    assert "Your words are used from now on" in use().text

    (row,) = rows()
    assert (row["words"], row["version"], row["by_name"]) == (WORDS, 1, world.authority.admin.name)
    page = council.get(MISSED).text
    assert "We missed you, and " in page
    assert "In the council’s words" in council.get(LIST).text


def test_ours_again_is_a_version_and_the_words_of_before_stay_readable(use, council, rows):
    use()
    answer = council.post(
        f"{PIECE}/ours", data={"as_shown": mark_of(council.get(MISSED))}, follow_redirects=True
    )

    assert "in our words again" in answer.text
    assert [row["words"] for row in rows()] == [WORDS, ""]
    assert "We missed you the last two times." in answer.text
    assert WORDS in council.get(PIECE).text
    again = council.post(f"{PIECE}/ours", follow_redirects=True)
    assert "in our words already" in again.text
    assert len(rows()) == 2


def test_a_second_press_says_what_the_first_did(use, rows):
    use()

    assert "It is said in these words already" in use().text
    assert len(rows()) == 1


def test_what_a_colleague_wrote_meanwhile_is_not_written_over(council, use, rows):
    shown = mark_of(council.post(PIECE, data={"words": "Mine, written first."}))
    use()
    answer = council.post(PIECE, data={"step": "use", "words": "Mine, written first.", "as_shown": shown})

    assert "Something changed here" in answer.text
    assert "Mine, written first." in answer.text
    assert len(rows()) == 1


@pytest.mark.parametrize("words", ["Call 020 7946 0000", "See evil.example.com", "((frist)) name", "w" * 301])
def test_what_may_not_stand_there_keeps_what_was_typed(council, rows, words):
    for step in ("", "use"):
        answer = council.post(PIECE, data={"step": step, "words": words})
        assert "There is a problem" in answer.text
        assert words in answer.text
    assert rows() == []


@pytest.mark.parametrize("page", [f"{MISSED}/nothing", "/words/nothing/no_need", "/words/nothing"])
def test_what_is_not_marked_has_no_page(council, page):
    assert council.get(page).status_code == 404


def test_staff_of_a_school_read_it_and_change_nothing(use, client_for, world, rows):
    use()
    staff = client_for(world.school.lead)

    assert "We missed you, and " in staff.get(MISSED).text
    assert "Change the words" not in staff.get(MISSED).text
    assert staff.get(PIECE).status_code == 403
    assert staff.post(PIECE, data={"step": "use", "words": "x"}).status_code == 403
    assert len(rows()) == 1


def test_another_council_says_it_as_before(use, client_for, world):
    use()

    assert "We missed you the last two times." in client_for(world.other_authority.admin).get(MISSED).text


def test_a_text_is_shown_as_it_goes_also_as_the_first_to_a_number(council):
    """With a link as long as a real one, and the dates as an email writes them."""
    page = council.get("/words/parent_invitation").text

    assert "By text, the first to a number" in page
    assert "Not you? Say so there." in page
    assert "[their own link]" in page
    assert "xxxx" not in page
    assert "6:00pm" in council.get("/words/session_reminder").text
