"""Generated documents: accessible, in our own font, saying what they should and nothing that was typed as code."""

import shutil
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.documents import render as rendering
from app.documents.checks import check_upload
from app.documents.kinds import KINDS
from app.documents.render import (
    BadData,
    CannotPrint,
    MissingFont,
    RenderError,
    UnknownKind,
    parse,
    render,
)
from app.documents.wording import download_name, words_for
from infra.storage import safe_filename
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
        for font in page["/Resources"].get("/Font", {}).values():
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
                "23 April 2027",
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
                "Came Sent word No word",
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
                "Letter",
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
                "all 8 dates",
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


def test_a_certificate_does_not_say_why_anybody_came(rendered):
    text = rendered("certificate").text.lower()
    assert not any(word in text for word in ("attend", "child", "absen", "session"))


def test_an_agreement_can_be_drawn_up_before_everything_is_known(fonts):
    bare = {key: SAMPLES["agreement"][key] for key in ("school", "authority", "reference", "issued_on")}
    text = PdfReader(BytesIO(render("agreement", bare, fonts=fonts))).pages[0].extract_text()
    assert "School lead" in text
    assert "None" not in text


def test_a_letter_without_a_link_asks_for_the_slip_only(rendered):
    document = rendered("invitation_letter", link="", expires_on=None)
    assert "Fill in the slip below" in document.text
    assert "Scan" not in document.text
    assert not [element for element in document.tags() if element["/S"] == "/Figure"]


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
    ],
)
def test_an_ordinary_one_fits(rendered, kind, pages):
    assert rendered(kind).pages == pages


def test_a_register_of_twelve_fits_one_page(rendered):
    assert rendered("session_register", names=[f"Parent {n}" for n in range(12)]).pages == 1


@pytest.mark.parametrize("kind", ["project_brief", "certificate", "session_register"])
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


def test_markup_in_data_is_only_text(rendered):
    typed = '#panic("x") *bold* $x^2$ [y] <label> @ref `raw` \\ // not a comment'
    assert typed in rendered("certificate", name=typed).text


@pytest.mark.parametrize("typed", ['#read("/etc/passwd")', "\x00\x07\x1b", "a\u2028b", '"}, {"', "\\u0000"])
def test_nothing_typed_breaks_a_document(rendered, typed):
    assert rendered("learning_notes", topic=f"Calm {typed}", main_points=[typed, "x"]).pages == 1


def test_letters_of_our_parents_names_are_printed(rendered):
    name = "Ayşe Doğan İpek Işık Çağla Ünal Łukasz Żółć Ștefan Zoë Siân"
    assert name in rendered("certificate", name=name).text


def test_pictographs_are_left_out(rendered):
    text = rendered("learning_notes", main_points=["Tea 🫖 helps 👩‍👩‍👧 us ❤️ all → calm"]).text
    assert "Tea helps us all – calm" in text


def test_letters_that_our_font_lacks_are_an_error_that_names_them(rendered):
    with pytest.raises(CannotPrint) as refused:
        rendered("certificate", name="Omar عمر 🎉")
    assert set(refused.value.characters) == set("عمر")
    assert "Omar" not in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        {"name": "Mina Secret"},
        SAMPLES["certificate"] | {"finished_on": "Mina Secret"},
        SAMPLES["certificate"] | {"shoe_size": "Mina Secret"},
        SAMPLES["certificate"] | {"signatories": "Mina Secret"},
        SAMPLES["certificate"] | {"language": "Mina Secret"},
    ],
)
def test_data_that_does_not_fit_is_refused_without_repeating_it(data):
    with pytest.raises(BadData) as refused:
        render("certificate", data)
    assert "Secret" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "www.example.org", "", "https://"]
)
def test_only_web_addresses_are_links(url):
    notes = SAMPLES["learning_notes"] | {"links": [{"title": "x", "url": url}]}
    with pytest.raises(BadData):
        parse("learning_notes", notes)


@pytest.mark.parametrize("kind", ["", "house", "../house", "nothing"])
def test_other_kinds_do_not_exist(kind):
    with pytest.raises(UnknownKind):
        render(kind, {})


def test_the_same_data_makes_the_same_bytes(fonts):
    made_at = datetime(2027, 1, 26, 20, 30, tzinfo=UTC)
    first, second = (
        render("group_plan", SAMPLES["group_plan"], fonts=fonts, made_at=made_at) for _ in range(2)
    )
    assert first == second


def test_times_are_those_of_the_clock_on_the_wall(rendered):
    summer = rendered("learning_notes", next_starts_at="2027-06-08T17:30:00Z").text
    assert "Tuesday 8 June 2027, 6:30pm" in summer


def test_dates_and_language_follow_the_reader(rendered):
    document = rendered("learning_notes", language="tr")
    assert document.reader.trailer["/Root"]["/Lang"] == "tr"
    assert "26 Ocak 2027 Salı" in document.text


@pytest.mark.parametrize("kind", ALL)
def test_file_names_name_no_parent(kind):
    name = download_name(parse(kind, SAMPLES[kind]))
    assert name.endswith(".pdf")
    assert safe_filename(name) == name
    assert not any(part in name for part in ("Grace", "Dilek", "Mensah", "Işık"))


@pytest.mark.parametrize("kind", ALL)
def test_words_name_no_leftover_placeholder(kind):
    words = words_for(parse(kind, SAMPLES[kind]))
    assert not [word for word in words.values() if "%(" in word]


# --- what must fail --------------------------------------------------------------------------------------


def test_a_folder_without_fonts(tmp_path):
    with pytest.raises(MissingFont, match=r"400.*700"):
        render("certificate", SAMPLES["certificate"], fonts=tmp_path)


def test_a_folder_with_one_weight(fonts, tmp_path):
    for font in fonts.glob("*-400*.ttf"):
        shutil.copy(font, tmp_path)
    with pytest.raises(MissingFont, match="700"):
        render("certificate", SAMPLES["certificate"], fonts=tmp_path)


@pytest.fixture
def template(monkeypatch, tmp_path):
    """Put another text in the place of the certificate's template."""

    def write(text: str) -> None:
        (tmp_path / "certificate.typ").write_text(f'#set document(title: "x")\n#title()\n{text}')
        monkeypatch.setattr(rendering, "TEMPLATES", tmp_path)

    return write


def test_a_template_with_another_font(template, fonts):
    template('#set text(font: "Comic Sans MS")\nHello')
    with pytest.raises(MissingFont):
        render("certificate", SAMPLES["certificate"], fonts=fonts)


def test_a_picture_without_words(template, fonts):
    template(
        "#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\"), format: \"svg\")"
    )
    with pytest.raises(RenderError, match="alt"):
        render("certificate", SAMPLES["certificate"], fonts=fonts)


def test_a_template_reads_no_other_file(template, fonts):
    template('#read("/etc/hostname")')
    with pytest.raises(RenderError):
        render("certificate", SAMPLES["certificate"], fonts=fonts)


# --- there and back --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ALL)
def test_our_own_documents_pass_our_own_checks(rendered, kind):
    assert check_upload("document.pdf", "application/pdf", rendered(kind).data).kind == "pdf"


def test_a_document_is_whole(rendered):
    assert PdfReader(BytesIO(rendered("agreement").data), strict=True).pages
