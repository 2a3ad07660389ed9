"""Whom a letter to many leaves out, what is taken out of the pile and why, and what stands on the home."""

from __future__ import annotations

import pytest

from tests.integration.letters.pages import AT, PILE, answer, letter_of, make
from tests.integration.test_stale_presses import sent


@pytest.mark.parametrize("press", [f"{AT}/make", "/school/parents/several/invite"])
def test_whoever_asked_to_hear_more_is_called_and_not_asked_again_with_others(own, senco, people, press):
    """Given somebody who waits for a call, when many are asked together, then they are left out, with the reason."""
    senco.post(
        f"/school/parents/{people['Ann']}/answer",
        data={"to_stage": "interested", "how": "telephone", "reason": ""},
    )
    look = senco.post(press.rpartition("/")[0], data={"chosen": [str(people["Ann"])]}).text
    assert "They asked to hear more. Call them first." in look

    senco.post(press, data={"chosen": [str(people["Ann"])]})

    assert own.value("select stage from parent where id = %s", people["Ann"]) == "interested"
    assert "Call Ann Many" in senco.get("/school").text


@pytest.mark.parametrize(
    ("look", "press"), [(AT, f"{AT}/make"), ("/school/parents/several", "/school/parents/several/invite")]
)
def test_the_second_of_two_presses_says_what_the_first_did(own, senco, people, look, press):
    chosen = [str(people["Ann"])]
    fields = sent(senco.post(look, data={"chosen": chosen}).text, press) | {"chosen": chosen}
    senco.post(press, data=fields)

    second = senco.post(press, data=fields, follow_redirects=True).text

    assert "nothing was done" not in second
    assert "One letter is being made." in second or "One invitation is on its way." in second


def test_whoever_came_in_by_their_letter_needs_it_no_more(own, senco, people, printed):
    browser = own.client()
    browser.post(f"/link/{answer(own, browser, printed('Cy'), 'cy@example.org')}")

    page = senco.get(PILE).text

    assert "They have come in by it." in page.split("Take these out of the pile", 1)[1]
    assert "There is no letter to print" in senco.get(f"{PILE}/print.pdf", follow_redirects=True).text


@pytest.mark.parametrize(
    ("address", "told"), [("stranger@example.org", ["+447700900811"]), ("07700 900811", [])]
)
def test_where_a_letter_is_opened_elsewhere_the_number_that_the_school_knows_hears_of_it(
    own, people, printed, address, told
):
    """Given a letter to somebody whose number is known, when whoever holds it comes in by an address of their own, then
    that number is told; its owner, who comes in by it, is not."""
    browser = own.client()
    browser.post(f"/link/{answer(own, browser, printed('Ann'), address)}")
    assert own.membership(people["Ann"])

    assert [
        row["address"]
        for row in own.rows(
            "select t.address from outbox o join identity.token t on t.outbox_id = o.id where o.kind = 'letter_opened'"
        )
    ] == told


def test_a_letter_to_an_entry_that_was_put_together_is_taken_out_of_the_pile(
    own, senco, people, worker, school
):
    make(senco, [people["Ann"], people["Cy"]])
    worker.drain()
    own.rows(
        "insert into parent_merge (school_id, id, kept_id, gone_id, gone_name, by_name)"
        " values (%s, gen_random_uuid(), %s, %s, 'Cy Many', 'x')",
        school.school_id,
        people["Ann"],
        people["Cy"],
    )

    page = senco.get(PILE).text.split("Take these out of the pile", 1)[1]

    assert "Cy Many" in page
    assert "put together with another entry" in page


def test_a_letter_to_whom_the_office_should_not_find_is_not_in_the_file_for_the_office(
    own, senco, people, worker, school
):
    make(senco, [people["Ann"]])
    worker.drain()
    own.rows("update parent_contact set off_office_by_self = true where parent_id = %s", people["Ann"])

    page = senco.get(PILE).text
    assert "Not through the office: hand it over yourself" in page
    assert "Print one letter" not in page
    assert senco.get(f"{PILE}/print.pdf").mimetype != "application/pdf"


def test_while_the_school_invites_nobody_no_letter_is_printed(own, senco, people, worker, school):
    make(senco, [people["Ann"]])
    worker.drain()
    own.rows("update school set stage = 'paused' where school_id = %s", school.school_id)

    page = senco.get(PILE).text

    assert "Keep these letters until it does again." in page
    assert "Print one letter" not in page
    assert senco.get(f"{PILE}/print.pdf").mimetype != "application/pdf"


def test_a_code_typed_wrongly_is_asked_for_again(client_for):
    assert "This code is not right" in client_for(None).get("/i/abcd-efgh-jkmn", follow_redirects=True).text


def test_the_home_says_how_many_letters_wait_until_they_are_given(own, senco, people, worker, school):
    """Given two letters in the pile, then every home of the school's staff says so, until they have gone."""
    make(senco, [people["Ann"], people["Cy"]])
    worker.drain()
    homes = [senco, own.client(school.lead), own.client(school.dsl)]
    assert ["Hand out 2 letters" in one.get("/school").text for one in homes] == [True, True, True]

    for name, words in (("Ann", "Hand out one letter"), ("Cy", "")):
        senco.post(
            f"{PILE}/given", data={"chosen": [str(letter_of(own, people[name])["id"])], "outcome": "posted"}
        )
        home = senco.get("/school").text
        assert words in home
    assert "Hand out" not in home
