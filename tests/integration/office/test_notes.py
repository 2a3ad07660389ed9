"""What a school's office notes: a letter that left, and that somebody rang; once, in its own name, and no more."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from infra.clock import today
from infra.ids import new_id
from tests.integration.office.pages import AT, main, notes_of
from tests.support.answers import page_words as words


def test_a_letter_is_handed_over_once(office, person, letter, as_superuser, world):
    """Given a printed letter, when the office notes it twice, then the log says it once, in their name."""
    parent_id = person("Ann")
    letter_id = letter(parent_id)
    assert "Ann Quill" in main(office.get(AT))
    for expected in ("Noted for one letter.", "Nothing was noted twice."):
        page = office.post(
            f"{AT}/letters", data={"chosen": str(letter_id), "outcome": "handed_over"}, follow_redirects=True
        )
        assert expected in page.text
    (note,) = notes_of(as_superuser, parent_id)
    assert (note["how"], note["outcome"], note["by_name"]) == (
        "letter",
        "handed_over",
        world.school.office.name,
    )
    assert note["state"] is None


def test_of_two_letters_one_that_a_colleague_noted_is_said_to_be_left_out(office, person, letter):
    first, second = letter(person("Ann")), letter(person("Bo"))
    office.post(f"{AT}/letters", data={"chosen": str(first), "outcome": "posted"})

    both = {"chosen": [str(first), str(second)], "outcome": "handed_over"}
    page = office.post(f"{AT}/letters", data=both, follow_redirects=True).text

    assert "Noted for one letter. One is left out: a colleague noted it before" in page


@pytest.mark.parametrize("stage", ["said_no", "joined", "left"])
def test_a_letter_leaves_the_pile_with_any_answer(office, person, letter, as_superuser, stage):
    parent_id = person("Ann")
    letter_id = letter(parent_id)
    as_superuser("update parent set stage = :stage where id = :id", stage=stage, id=parent_id)
    assert "Ann Quill" not in main(office.get(AT))
    page = office.post(
        f"{AT}/letters", data={"chosen": str(letter_id), "outcome": "posted"}, follow_redirects=True
    )
    assert "Nothing was noted twice." in page.text
    assert notes_of(as_superuser, parent_id) == []


@pytest.mark.parametrize("became", ["came in by it", "not me"])
def test_a_letter_that_was_opened_is_none_to_hand_out(office, person, letter, as_superuser, world, became):
    """Given a printed letter whose link was used, or of which its reader said that it is not for them."""
    parent_id = person("Ann")
    letter_id = letter(parent_id)
    as_superuser("update identity.token set cancelled_at = app.now() where outbox_id = :id", id=letter_id)
    if became == "came in by it":
        as_superuser(
            "insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)"
            " values (:id, :account, 'parent', :authority, :school, :parent)",
            id=new_id(),
            account=world.school.parent.account_id,
            authority=world.school.authority_id,
            school=world.school.school_id,
            parent=parent_id,
        )
    else:
        as_superuser("update identity.token set cancelled_at = null where outbox_id = :id", id=letter_id)
        as_superuser(
            "insert into contact_doubt (school_id, id, person_kind, person_id, channel, address, said_at)"
            " values (:school, :id, 'parent', :parent, 'letter', '', app.now())",
            school=world.school.school_id,
            id=new_id(),
            parent=parent_id,
        )

    assert "Ann Quill" not in main(office.get(AT))


def test_the_file_of_a_letter_is_not_for_the_office(office, person, letter):
    """Its link opens a parent's page for whoever holds it, so no page of theirs gives it out."""
    letter_id = letter(person("Ann"))
    assert office.get(f"/documents/{letter_id}").status_code == 403
    assert office.get("/school/letters/print.pdf").status_code == 403


def test_letters_of_nobody_chosen_or_said_are_asked_for_again(office, person, letter):
    letter_id = letter(person("Ann"))
    page = office.post(f"{AT}/letters", data={"outcome": "posted"})
    assert "Choose at least one letter." in page.text
    page = office.post(f"{AT}/letters", data={"chosen": str(letter_id)})
    assert "Choose what you did with them." in page.text
    assert office.post(f"{AT}/letters", data={"chosen": "x", "outcome": "posted"}).status_code == 404
    page = office.post(
        f"{AT}/letters", data={"chosen": str(new_id()), "outcome": "posted"}, follow_redirects=True
    )
    assert "Nothing was noted twice." in page.text


def test_a_call_back_is_a_step_of_whoever_makes_calls(office, lead, person, as_superuser, world):
    """Given a parent who rang, when they ask for a call, then the lead finds it due today; the office plans nothing."""
    parent_id = person("Ann", "said_no")
    page = office.post(f"{AT}/parents/{parent_id}/call", data={"outcome": "call_back"}, follow_redirects=True)
    assert "Ann Quill rang" in words(page.text)
    (note,) = notes_of(as_superuser, parent_id)
    assert (note["state"], note["due_on"], note["owner_id"]) == ("open", today(), world.school.lead.person_id)
    assert "Call them back" in lead.get("/school/parents/contacts").text


def test_a_call_that_is_done_plans_nothing_and_counts_once(office, person, as_superuser):
    parent_id = person("Ann")
    for expected in ("Noted.", "Nothing was noted twice."):
        page = office.post(f"{AT}/parents/{parent_id}/call", data={"outcome": "spoke"}, follow_redirects=True)
        assert expected in page.text
    (note,) = notes_of(as_superuser, parent_id)
    assert (note["outcome"], note["state"], note["action"]) == ("spoke", None, "")


def test_a_call_without_an_answer_is_asked_again(office, person):
    page = office.post(f"{AT}/parents/{person('Ann')}/call", data={})
    assert "Choose what came of it." in page.text


@pytest.mark.parametrize("acted", [False, True])
def test_a_note_of_today_is_taken_back_until_somebody_acted(office, lead, person, as_superuser, acted):
    parent_id = person("Ann")
    office.post(f"{AT}/parents/{parent_id}/call", data={"outcome": "call_back"})
    (note,) = notes_of(as_superuser, parent_id)
    if acted:
        lead.post(f"/school/parents/{parent_id}/contacts/{note['id']}/done")
    page = office.post(f"{AT}/notes/{note['id']}/take-back", follow_redirects=True)
    assert ("A colleague has acted" if acted else "Taken back.") in page.text
    assert len(notes_of(as_superuser, parent_id)) == int(acted)
    again = office.post(f"{AT}/notes/{new_id()}/take-back", follow_redirects=True)
    assert "already been taken back" in again.text


@pytest.mark.parametrize(
    ("how", "outcome", "action"),
    [
        ("visit", "spoke", ""),
        ("phone", "no_answer", ""),
        ("phone", "spoke", "Write what I like"),
        ("phone", "posted", ""),
        ("letter", "spoke", ""),
    ],
)
def test_the_database_notes_nothing_else(asks, person, how, outcome, action):
    parent_id = person("Ann")
    with pytest.raises(ProgrammingError, match="insufficient"):
        asks(
            "select app.note_at_office(:new, :id, :how, :outcome, :action)",
            new=new_id(),
            id=parent_id,
            how=how,
            outcome=outcome,
            action=action,
        )


def test_nobody_else_notes_or_reads_by_its_functions(session_for, world):
    for person in (world.school.lead, world.school.head_teacher, world.school.parent, world.authority.admin):
        for statement in (
            "select app.note_at_office(gen_random_uuid(), gen_random_uuid(), 'phone', 'spoke', '')",
            "select * from identity.letters_at_office()",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"):
                session_for(person).execute(text(statement))
