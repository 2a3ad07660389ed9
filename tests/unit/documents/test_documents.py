"""Generated documents: accessible, in our own font, saying what they should and nothing that was typed as code."""

from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfReader

from app.papers import render as rendering
from app.papers.kinds import KINDS
from app.papers.render import (
    render,
)
from tests.unit.documents.samples import SAMPLES

ALL = sorted(KINDS)
FOR_PARENTS = ["certificate", "group_plan", "invitation_letter", "learning_notes"]
LONG_SCHOOL = "The Blessed Saint Osyth’s and Holy Cross Roman Catholic Voluntary Aided Primary School"
LONG_NAME = "Anastasia-Wilhelmina Featherstonehaugh-Cholmondeley Mutlugüneşoğlu-Yıldırım"


def test_every_kind_has_a_sample_and_a_template():
    assert sorted(SAMPLES) == ALL
    assert {path.stem for path in rendering.TEMPLATES.glob("*.typ")} == {*ALL, "house"}


# --- for everyone who reads with more than eyes ----------------------------------------------------------


@pytest.mark.parametrize("kind", ALL)
def test_tagged_with_title_and_language(rendered, kind):
    document = rendered(kind)
    root = document.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.reader.metadata.title
    assert b"pdfuaid:part>1<" in document.data.replace(b" ", b"")


@pytest.mark.parametrize("kind", ALL)
def test_headings_go_down_one_step_at_a_time(rendered, kind):
    tags = [element["/S"] for element in rendered(kind).tags()]
    assert tags.count("/Title") + tags.count("/P") > 0
    levels = [int(tag[2:]) for tag in tags if tag[:2] == "/H" and tag[2:].isdigit()]
    assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False))


@pytest.mark.parametrize("kind", ["agreement", "contact_sheet", "group_plan", "session_register"])
def test_tables_name_their_columns(rendered, kind):
    tags = rendered(kind).tags()
    heads = [element for element in tags if element["/S"] == "/TH"]
    assert heads
    for head in heads:
        attributes = head["/A"].get_object()
        attributes = attributes if isinstance(attributes, list) else [attributes]
        assert any(item.get_object().get("/Scope") == "/Column" for item in attributes)


def test_the_code_to_scan_says_what_it_is(rendered):
    figures = [element for element in rendered("invitation_letter").tags() if element["/S"] == "/Figure"]
    assert len(figures) == 1
    assert "opens your invitation" in figures[0]["/Alt"]


def embedded_fonts(reader: PdfReader) -> dict[str, bool]:
    """Names of all fonts, and whether the file carries each."""
    found = {}
    for page in reader.pages:
        for font in cast(Any, page["/Resources"]).get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            found[str(inner["/BaseFont"])] = any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
    return found


@pytest.mark.parametrize("kind", ALL)
def test_only_our_own_fonts_and_all_of_them_inside(rendered, kind):
    found = embedded_fonts(rendered(kind).reader)
    assert found
    assert all("AtkinsonHyperlegibleNext" in name for name in found)
    assert all(found.values())


# --- what they say ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "project_brief",
            [
                "For Larkfield School, from Eastmere Council",
                "rebuild, recover, reintegrate",
                "validates first",
                "8 weekly sessions of 90 minutes",
                "You never see",
                "Better attendance is a hope",
                "by Friday 2 October 2026",
                "Priya Nair",
            ],
        ),
        (
            "agreement",
            [
                "Agreement between Larkfield School and Eastmere Council",
                "URN 990001",
                "Purpose",
                "Lead and deputy",
                "Room and refreshments",
                "Finding parents fairly",
                "Confidentiality and its exception",
                "Safeguarding routes",
                "Data roles, sharing and retention",
                "Facilitators, checks and risk assessment",
                "Replying to themes",
                "within four weeks",
                "Calendar",
                "Costs",
                "Leaving",
                "Signatures",
                "never a copy of a certificate",
                "For the school, Larkfield School",
                "For the authority, Eastmere Council",
            ],
        ),
        (
            "learning_notes",
            [
                "Session 3 of 8 · Tuesday 26 January 2027",
                "Planning and remembering",
                "Nothing anyone said is in them",
                "One step at a time",
                "https://www.example.org/mornings",
                "Tuesday 2 February 2027, 6:30pm",
                "Samaritans",
                "116 123",
            ],
        ),
        (
            "session_register",
            [
                "Tuesday 26 January 2027, 6:30pm to 8pm",
                "Ayşe Doğan, Marcus Bell",
                "Hüseyin Şahin",
                "İpek",
                "Here Here, came late Here, left early Sent apologies Away",
                "What is said here stays here",
                "that child’s safety comes first",
                "999",
            ],
        ),
        (
            "contact_sheet",
            [
                "Printed by Joanna Reid, 11 January 2027, 9:05am",
                "Do not copy, photograph or send it",
                "23 March 2027",
                "Dilek Işık",
                "07700 900403",
                "Grace Mensah",
                "on paper",
            ],
        ),
        (
            "certificate",
            ["Well done, Dilek Işık", "Larkfield School", "March 2027", "less alone", "Ayşe Doğan"],
        ),
        (
            "group_plan",
            [
                "Hello Grace",
                "the 8 dates of our group",
                "6:30pm to 8pm",
                "Tuesday 12 January",
                "Tuesday 9 March",
                "Tuesday 16 February No meeting: half-term",
                "We choose together",
                "07700 900201",
            ],
        ),
        (
            "invitation_letter",
            [
                "Dear Grace",
                "I am Joanna Reid, SENCO at Larkfield School.",
                "You do not have to prove anything",
                "Tuesdays, 6:30pm to 8pm",
                "Tuesday 12 January 2027",
                "https://webelong.example.org/i/8Jk2vQ7s",
                "until 18 December 2026",
                "Saying no changes nothing for your child",
                "Yes, I would like to come",
                "Please call me on",
                "No, thank you",
            ],
        ),
    ],
)
def test_words(rendered, kind, words):
    text = rendered(kind).text
    assert [part for part in words if part not in text] == []


@pytest.mark.parametrize("kind", FOR_PARENTS)
def test_no_word_that_blames(rendered, kind):
    text = rendered(kind).text.lower()
    for word in (
        "course",
        "parenting class",
        "refuser",
        "truant",
        "non-compliant",
        "hard to reach",
        "failure",
    ):
        assert word not in text


def test_breaks_stand_between_the_sessions_they_part(rendered):
    text = rendered("group_plan").text
    places = [text.index(day) for day in ("Tuesday 9 February", "Tuesday 16 February", "Tuesday 23 February")]
    assert places == sorted(places)


def test_a_sheet_of_dates_says_which_day_is_no_more_and_when_it_was_printed(rendered):
    """It is the only word that reaches some parents, and they have an older one on the fridge."""
    text = " ".join(rendered("group_plan").text.split())
    assert "No meeting: session 6 has moved to Tuesday 23 February" in text
    assert "No meeting: session 8 is called off" in text
    assert "Printed on 4 January 2027. Do you have an older sheet?" in text


def test_a_certificate_does_not_say_why_anybody_came(rendered):
    text = rendered("certificate").text.lower()
    assert not any(word in text for word in ("attend", "child", "absen", "session"))


def test_an_agreement_can_be_drawn_up_before_everything_is_known(fonts):
    bare = {key: SAMPLES["agreement"][key] for key in ("school", "authority", "reference", "issued_on")}
    text = PdfReader(BytesIO(render("agreement", bare, fonts=fonts))).pages[0].extract_text()
    assert "School lead" in text
    assert "None" not in text


def in_stored_form(value):
    """A sample with every number to dial as it is kept."""
    if isinstance(value, dict):
        return {
            name: "+447700900700"
            if name in ("phone", "contact") and isinstance(found, str)
            else in_stored_form(found)
            for name, found in value.items()
        }
    return [in_stored_form(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", ALL)
def test_numbers_to_dial_are_written_as_people_write_them(fonts, kind, language):
    sample = in_stored_form(SAMPLES[kind])
    has_number = "+447700900700" in str(sample)
    document = PdfReader(BytesIO(render(kind, sample | {"language": language}, fonts=fonts)))
    words = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    assert "+44" not in words
    assert ("07700 900700" in words) or not has_number or language == "ar"


def test_the_slip_of_a_letter_has_a_line_to_sign(rendered):
    """A yes counts with a signed slip, so the slip asks for the signature and its day."""
    document = rendered("invitation_letter")
    slip = document.text.partition("Your answer")[2]
    assert slip.index("No, thank you") < slip.index("Signed") < slip.index("Date")
    assert document.pages == 1


def test_a_letter_without_a_link_asks_for_the_slip_only(rendered):
    document = rendered("invitation_letter", link="", expires_on=None)
    assert "Fill in the slip below" in document.text
    assert "Scan" not in document.text
    assert not [element for element in document.tags() if element["/S"] == "/Figure"]


def test_a_letter_before_the_dates_are_known_says_that_we_will_tell_them(rendered):
    text = rendered("invitation_letter", starts_at=None, ends_at=None, link="", expires_on=None).text
    assert "We will tell you the day and the time." in text
    assert "First time" not in text
    assert "none" not in text.lower()


def test_links_in_notes_open(rendered):
    page = rendered("learning_notes").reader.pages[0]
    targets = [note.get_object()["/A"]["/URI"] for note in page["/Annots"]]
    assert targets == ["https://www.example.org/mornings"]


# --- paper -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "pages"),
    [
        ("project_brief", 2),
        ("learning_notes", 1),
        ("session_register", 1),
        ("contact_sheet", 1),
        ("certificate", 1),
        ("group_plan", 1),
        ("invitation_letter", 1),
        ("signup_poster", 1),
        ("signup_cards", 1),
    ],
)
def test_an_ordinary_one_fits(rendered, kind, pages):
    assert rendered(kind).pages == pages


def test_a_register_of_twelve_fits_one_page(rendered):
    assert rendered("session_register", names=[f"Parent {n}" for n in range(12)]).pages == 1


@pytest.mark.parametrize(
    "kind", ["project_brief", "certificate", "session_register", "signup_poster", "signup_cards"]
)
def test_a_very_long_school_name_adds_no_page(rendered, kind):
    assert rendered(kind, school=LONG_SCHOOL).pages == rendered(kind).pages


def test_a_very_long_name_on_a_certificate(rendered):
    document = rendered("certificate", name=LONG_NAME, school=LONG_SCHOOL)
    assert document.pages == 1
    assert "Mutlugüneşoğlu-Yıldırım" in document.text


def test_thirty_points_are_all_there(rendered):
    points = [f"Point number {n}: one step at a time works better than a list." for n in range(1, 31)]
    document = rendered("learning_notes", main_points=points)
    assert document.pages > 1
    assert all(f"Point number {n}:" in document.text for n in range(1, 31))
    assert f"Page 1 of {document.pages}" in document.text


def words_by_place(page) -> list[tuple[float, float, str]]:
    """(millimetres from the left, from the top, text) of each piece of text."""
    height, found = float(page.mediabox.height), []

    def note(text, matrix, text_matrix, *_):
        if text.strip():
            x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
            y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            found.append((x / 72 * 25.4, (height - y) / 72 * 25.4, text.strip()))

    page.extract_text(visitor_text=note)
    return found


def test_only_the_address_shows_in_the_window_of_the_envelope(rendered):
    pieces = words_by_place(rendered("invitation_letter").reader.pages[0])
    # A DL or C5 window: 20 to 110 mm from the left, 42 to 80 mm from the top.
    shown = " ".join(text for x, y, text in pieces if 20 <= x <= 110 and 42 <= y <= 80)
    assert shown == " ".join(SAMPLES["invitation_letter"]["address"])


# --- data is data ----------------------------------------------------------------------------------------
