"""Invitations on paper to several parents: made, printed as one file, noted as out of the house, and answered."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.messages.links import typed_code
from app.recruitment.reminders import remind_of_invitations
from infra.clock import now
from tenants.scope import Audience, Scope
from tests.integration.letters.pages import AT, PILE, answer, letter_of, make
from tests.support.reading import find_in


def test_each_gets_a_page_and_a_link_of_their_own_and_who_is_left_out_is_named(
    own, senco, people, worker, school
):
    """Given one with a phone, one with nothing, and one whose number is that of somebody who said no
    When letters are printed, then two are made, each with its own code, and nothing in an address names anybody."""
    page = senco.post(AT, data={"chosen": [str(people[name]) for name in ("Ann", "Cy", "Dee", "Eve")]})
    assert "Make 2 letters" in page.text
    assert "said no" in page.text.split("They are left out", 1)[1]
    assert not own.rows("select 1 from document where parent_id = any(%s)", list(people.values()))

    done = make(senco, people.values())

    assert "2 letters are being made. 2 people were left out." in done.text
    assert "still being made" in done.text
    worker.drain()
    both = senco.get(f"{PILE}/print.pdf")
    assert both.mimetype == "application/pdf"
    pages = [one.extract_text() for one in PdfReader(BytesIO(both.data)).pages]
    assert len(pages) == 2
    assert ["Dear Ann" in one for one in pages] == [True, False]
    codes = [find_in(r"/i/([0-9a-z-]{14})", one.replace("\n", "")).group(1) for one in pages]
    assert len(set(codes)) == 2
    assert not set("".join(codes)) & set("01ilou")
    history = senco.get(f"/school/parents/{people['Cy']}").text
    assert "A letter was printed" in history
    assert school.senco.name in history


def test_a_letter_that_is_printed_is_not_given_until_somebody_notes_it(own, senco, people, worker):
    make(senco, [people["Ann"], people["Cy"]])
    worker.drain()
    ids = [str(letter_of(own, people[name])["id"]) for name in ("Ann", "Cy")]
    said = senco.post(f"{PILE}/given", data={"chosen": ids})
    assert "Choose what you did with them." in said.text

    for times, words in ((1, "Noted for 2 letters."), (2, "Nothing was noted twice")):
        done = senco.post(
            f"{PILE}/given", data={"chosen": ids, "outcome": "handed_over"}, follow_redirects=True
        )
        assert words in done.text, times

    assert "Letter: Handed over" in senco.get(f"/school/parents/{people['Cy']}").text
    assert "There is no letter to print" in senco.get(f"{PILE}/print.pdf", follow_redirects=True).text


def test_whoever_says_no_meanwhile_is_taken_out_of_the_pile(own, senco, people, worker):
    make(senco, [people["Ann"], people["Cy"]])
    worker.drain()
    senco.post(
        f"/school/parents/{people['Ann']}/answer",
        data={"to_stage": "said_no", "how": "telephone", "reason": ""},
    )

    page = senco.get(PILE).text

    assert "Ann Many" in page.split("Take these out of the pile", 1)[1]
    assert len(PdfReader(BytesIO(senco.get(f"{PILE}/print.pdf").data)).pages) == 1


@pytest.mark.parametrize("address", ["cy@example.org", "07700 900899"])
def test_somebody_without_any_address_comes_in_by_one_that_they_type(own, senco, people, printed, address):
    """Given a letter to somebody of whom the school knows no address
    When they type its code and an address of theirs, then the link goes there, opens in this browser alone, and the
    school learns the address once they have come in."""
    code = printed("Cy")
    browser = own.client()

    link = answer(own, browser, code.upper().replace("-", " "), address)

    known = "select email, phone from parent_contact where parent_id = %s"
    assert own.rows(known, people["Cy"]) == [{"email": "", "phone": ""}]
    assert "Go back to your other device" in own.client().get(f"/link/{link}").text
    assert browser.post(f"/link/{link}").status_code == 303
    assert own.membership(people["Cy"])
    (contact,) = own.rows(known, people["Cy"])
    assert (contact["email"] or contact["phone"]) in ("cy@example.org", "+447700900899")
    over = own.client().get(f"/i/{code}", follow_redirects=True)
    assert over.status_code == 410


def test_whoever_has_a_mistyped_address_gets_nothing_by_it(own, people, printed):
    """Given a letter whose reader mistyped their address, when its owner asks for a link, then none is theirs."""
    answer(own, own.client(), printed("Cy"), "stranger@example.org")
    before = own.value("select count(*) from outbox where kind = 'sign_in_link'")

    own.client().post("/new-link", data={"address": "stranger@example.org"})

    assert own.value("select count(*) from outbox where kind = 'sign_in_link'") == before


def test_the_digits_of_a_link_opened_elsewhere_let_the_invited_in(own, people, printed):
    code, browser, other = printed("Cy"), own.client(), own.client()
    link = answer(own, browser, code, "cy@example.org")
    digits = find_in(r"\b\d{6}\b", other.get(f"/link/{link}").text).group(0)

    assert browser.post("/new-link/sent", data={"code": digits}).status_code == 303

    assert own.membership(people["Cy"])


def test_the_code_alone_opens_nothing(own, people, printed):
    """Given the code, as anybody who prints or carries the letter has it, when it is pressed, nobody comes in."""
    code, browser = typed_code(printed("Cy")), own.client()

    assert browser.post(f"/link/{code}").location.endswith(f"/letter/{code}")
    browser.post(f"/link/{code}", data={"join": "yes"})

    assert own.membership(people["Cy"]) is None
    assert "The letter is only for" in browser.get(f"/letter/{code}").text


def test_printing_again_says_so_and_ends_the_link_before(own, senco, people, worker, printed):
    first = printed("Cy")
    browser = own.client()
    asked = answer(own, browser, first, "wrong@example.org")
    own.rows(
        "update document set created_at = created_at - interval '2 days' where kind = 'invitation_letter'"
    )

    own.rows("update identity.token set expires_at = expires_at - interval '2 days' where channel = 'letter'")

    page = senco.post(AT, data={"chosen": [str(people["Cy"])]})
    assert "ends." in page.text.split("The letter before", 1)[1]
    second = printed("Cy")

    assert first != second
    assert own.client().get(f"/i/{first}", follow_redirects=True).status_code == 410
    assert browser.post(f"/link/{asked}").status_code == 410
    assert own.client().get(f"/i/{second}", follow_redirects=True).status_code == 200


def test_this_is_not_me_ends_the_letter_and_the_school_looks_first(own, senco, people, printed):
    code = typed_code(printed("Cy"))

    own.client().post(f"/link/{code}/not-me")

    assert "said that it is not for them" in senco.get(f"/school/parents/{people['Cy']}").text
    assert "This is not me" in senco.post(AT, data={"chosen": [str(people["Cy"])]}).text
    assert "“This is not me”. Their page says what to do." in senco.get(PILE).text


@pytest.mark.parametrize(
    "typed", ["short", "0" * 12, "abcd-efgh", "x" * 500, "%00", "é" * 12, "abcd efgh jkm!"]
)
def test_what_is_no_code_leads_to_words(client_for, typed):
    assert client_for(None).get(f"/i/{typed}", follow_redirects=True).status_code == 404


def test_staff_of_another_school_print_nothing_and_note_nothing(own, senco, people, worker, world):
    make(senco, [people["Cy"]])
    worker.drain()
    letter = letter_of(own, people["Cy"])["id"]
    theirs = own.client(world.sibling_school.senco)

    assert theirs.post(AT, data={"chosen": [str(people["Cy"])]}).status_code == 303, "nothing is shown"
    assert (
        theirs.post(f"{PILE}/given", data={"chosen": [str(letter)], "outcome": "posted"}).status_code == 404
    )
    assert "Many" not in theirs.get(PILE).text
    assert "There is no letter to print" in theirs.get(f"{PILE}/print.pdf", follow_redirects=True).text


def test_a_reminder_waits_for_the_letter(own, senco, people, school, worker):
    """Given an invitation of five days ago, and a letter of today, then nobody is reminded for four days more."""
    senco.post(f"/school/parents/{people['Ann']}/invite")
    own.rows(
        "update outbox set state = 'sent', created_at = created_at - interval '5 days' where recipient_id = %s",
        people["Ann"],
    )
    make(senco, [people["Ann"]])
    scope = Scope(Audience.DOCUMENTS, school.authority_id, school.school_id)

    def remind(moment):
        with own.session("wb_documents", scope) as session:
            remind_of_invitations(session, school_id=school.school_id, moment=moment)
        return len(
            own.rows(
                "select 1 from outbox where kind = 'invitation_reminder' and recipient_id = %s", people["Ann"]
            )
        )

    assert remind(now()) == 0
    assert remind(now() + timedelta(days=4, hours=1)) == 1
