"""A school writes whom a group could help: read by whoever asks, and by nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.integration.announcements.test_announcements import mark_of
from tests.support.borrowed import as_login

PAGE, WRITE = "/school/parents/whom", "/school/parents/whom/write"
ANSWERS = {
    "whom": "Families of children in Years 7 to 9 who seem alone with it.",
    "signs": "Mornings are a struggle.",
    "wait": "",
    "asking": "By phone, by whoever they trust.",
}
EMPTY = dict.fromkeys(ANSWERS, "")


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def versions(connection):
    def of():
        with as_login(connection, "wb_owner"):
            return (
                connection.execute(text("select * from whom_it_helps order by school_id, version"))
                .mappings()
                .all()
            )

    return of


def _write(client, answers=ANSWERS, shown=None):
    mark = mark_of(client.get(WRITE)) if shown is None else shown
    return client.post(WRITE, data=answers | {"as_shown": mark}, follow_redirects=True)


def _note_page(world):
    return f"/school/parents/{world.school.parent.person_id}/contacts/add"


def test_nothing_stands_before_anybody_writes_and_each_prompt_has_an_example(senco, world):
    assert "Nothing is written yet." in senco.get(PAGE).text
    page = senco.get(WRITE).text
    assert page.count("Optional. For example: ") == 4
    assert "></textarea>" in page, "an example is no answer"
    for beside in ("/school/parents/add", _note_page(world)):
        assert "Nobody has written it yet." in senco.get(beside).text


def test_colleagues_read_it_where_they_decide_whom_to_ask(senco, client_for, world):
    page = _write(senco).text
    assert "Saved. Your colleagues read it" in page
    assert "When do we wait" not in page, "what was not answered is not asked again there"

    lead = client_for(world.school.lead)
    assert f'href="{PAGE}"' in lead.get("/school/parents").text
    for address in (PAGE, "/school/parents/add", _note_page(world)):
        page = lead.get(address).text
        assert "Mornings are a struggle." in page
        assert f"{world.school.senco.name}, " in page


def test_what_stood_before_can_be_read_with_who_wrote_it(senco, client_for, world, versions):
    _write(senco)
    page = _write(client_for(world.school.lead), ANSWERS | {"signs": "A child goes home early."}).text

    before = page.split("Written before")[1]
    assert "A child goes home early." in page.split("Written before")[0]
    assert "Mornings are a struggle." in before
    assert world.school.senco.name in before
    assert [(one["version"], one["by_name"]) for one in versions()] == [
        (1, world.school.senco.name),
        (2, world.school.lead.name),
    ]


def test_the_same_again_writes_nothing(senco, versions):
    _write(senco)
    assert "It says so already." in _write(senco).text
    assert "It says so already." in _write(senco, shown="of-before").text, "also by the press of a while ago"
    assert len(versions()) == 1


def test_nothing_is_not_written_where_nothing_stood(senco, versions):
    assert "It says so already." in _write(senco, EMPTY).text
    assert versions() == []


def test_it_is_taken_away_and_stays_to_be_read(senco):
    _write(senco)
    page = _write(senco, EMPTY).text

    assert "Nothing is written just now." in page
    assert "Mornings are a struggle." in page.split("Written before")[1]
    assert "Mornings are a struggle." not in senco.get("/school/parents/add").text


def test_of_two_windows_the_second_reads_what_the_first_wrote_and_keeps_its_own(
    senco, client_for, world, versions
):
    of_before = mark_of(senco.get(WRITE))
    _write(client_for(world.school.lead))

    mine = ANSWERS | {"signs": "They stopped picking up."}
    page = _write(senco, mine, of_before)

    assert "Something changed here since you opened that page" in page.text
    assert "This stands now." in page.text
    assert "Mornings are a struggle." in page.text
    assert "They stopped picking up.</textarea>" in page.text
    assert len(versions()) == 1
    # and having read it, they may
    assert "Saved." in _write(senco, mine, mark_of(page)).text


def test_a_name_of_somebody_in_the_list_is_taken_out_or_is_only_a_word(senco, versions):
    # The world has somebody called Parent.
    named = ANSWERS | {"signs": "Somebody like Mrs Parent, whose mornings are a struggle."}

    page = _write(senco, named)
    assert "A name of somebody in your list stands there" in page.text
    assert "whose mornings are a struggle.</textarea>" in page.text
    assert versions() == []

    assert "Saved." in _write(senco, named | {"names_nobody": "y"}).text


def test_what_is_too_long_is_said_and_kept(senco, versions):
    page = _write(senco, ANSWERS | {"whom": "ab " * 300})
    assert "600" in page.text
    assert "ab ab ab" in page.text
    assert versions() == []


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "صباحٌ صعب\nকঠিন সকাল", "Ünïcode 🙂 “so”"])
def test_words_in_any_script_stand_as_they_were_typed(senco, versions, words):
    _write(senco, ANSWERS | {"asking": words})
    assert versions()[0]["asking"] == words
    assert "<script>alert(1)" not in senco.get(PAGE).text


def test_only_those_who_find_parents_have_the_pages(client_for, world):
    people = (
        world.school.parent,
        world.school.facilitator,
        world.authority.admin,
    )
    for person in people:
        assert client_for(person).get(PAGE).status_code in (403, 404)
        assert client_for(person).get(WRITE).status_code in (403, 404)


def test_a_neighbour_school_reads_nothing_of_it(senco, client_for, world):
    _write(senco)
    page = client_for(world.sibling_school.senco).get(PAGE).text
    assert "Mornings are a struggle." not in page
