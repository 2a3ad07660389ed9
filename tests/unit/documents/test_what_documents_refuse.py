"""Generated documents take data as text, refuse what they cannot print, and always come out the same."""

import shutil
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.documents.checks import check_upload
from app.papers import render as rendering
from app.papers.kinds import KINDS
from app.papers.render import (
    BadData,
    MissingFont,
    RenderError,
    UnknownKind,
    parse,
    render,
)
from app.papers.wording import download_name, words_for
from infra.filenames import safe_filename
from tests.unit.documents.samples import SAMPLES

ALL = sorted(KINDS)
FOR_PARENTS = ["certificate", "group_plan", "invitation_letter", "learning_notes"]
LONG_SCHOOL = "The Blessed Saint Osyth’s and Holy Cross Roman Catholic Voluntary Aided Primary School"
LONG_NAME = "Anastasia-Wilhelmina Featherstonehaugh-Cholmondeley Mutlugüneşoğlu-Yıldırım"


def test_markup_in_data_is_only_text(rendered):
    typed = '#panic("x") *bold* $x^2$ [y] <label> @ref `raw` \\ // not a comment'
    assert typed in rendered("certificate", name=typed).text


@pytest.mark.parametrize("typed", ['#read("/etc/passwd")', "\x00\x07\x1b", "a\u2028b", '"}, {"', "\\u0000"])
def test_nothing_typed_breaks_a_document(rendered, typed):
    assert rendered("learning_notes", topic=f"Calm {typed}", main_points=[typed, "x"]).pages == 1


def test_letters_of_our_parents_names_are_printed(rendered):
    name = "Ayşe Doğan İpek Işık Çağla Ünal Łukasz Żółć Ștefan Zoë Siân"
    assert name in rendered("certificate", name=name).text


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
    assert "12 Ocak" in rendered("group_plan", language="tr").text


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
