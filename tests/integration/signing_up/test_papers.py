"""A poster and cards for the school gate show the page's address, and nothing that tells where or when."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.integration.signing_up.conftest import OVERVIEW
from tests.integration.test_stale_presses import sent

PAPERS = ("poster", "cards")


@pytest.mark.parametrize("paper", PAPERS)
def test_it_shows_the_address_in_words_and_no_day_or_place(paper, senco, address, world):
    """Given an open page, when staff print what hangs at the gate, then whoever cannot scan can type its address."""
    answer = senco.get(f"{OVERVIEW}/{paper}.pdf")

    assert answer.mimetype == "application/pdf"
    [page] = PdfReader(BytesIO(answer.data)).pages
    words = " ".join(re.sub(r"[\u200b\u2066-\u2069]", "", page.extract_text()).split())
    # However wide its letters are, and wherever the line ends.
    secret = address.rpartition("/")[2]
    assert secret in words.replace(" ", "")
    words = words.replace(secret, "")
    assert "You are not the only one" in words
    assert world.school.name in words
    # For whoever has no phone that scans.
    assert re.search(r"Or call the school: [0-9 ]{9,}|Or ask at the school.s office", words)
    assert "2026" not in words
    assert "room" not in words.lower()


@pytest.mark.parametrize("paper", PAPERS)
def test_without_a_page_there_is_nothing_to_print(paper, senco):
    answer = senco.get(f"{OVERVIEW}/{paper}.pdf", follow_redirects=True)

    assert "Open the page first" in answer.text


def test_a_new_address_stands_on_the_next_poster(senco, address, stranger):
    page = senco.get(f"{OVERVIEW}/new-address").text
    senco.post(f"{OVERVIEW}/new-address", data=sent(page, ""))
    [page] = PdfReader(BytesIO(senco.get(f"{OVERVIEW}/poster.pdf").data)).pages

    assert address.rpartition("/")[2] not in page.extract_text()


@pytest.mark.parametrize("paper", PAPERS)
def test_only_staff_of_a_school_print_it(paper, client_for, world):
    for person in (None, world.school.parent, world.school.facilitator, world.authority.admin):
        assert client_for(person).get(f"{OVERVIEW}/{paper}.pdf").mimetype != "application/pdf"


@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_is_printed_that_leads_to_a_closed_page(paper, senco, address):
    """Given a page that was closed, when somebody prints, then they are told, and nothing is drawn."""
    senco.post(f"{OVERVIEW}/close")
    answer = senco.get(f"{OVERVIEW}/{paper}.pdf", follow_redirects=True)

    assert "The page is closed" in answer.text
    assert "poster.pdf" not in answer.text
