"""Documents for anybody: names in every script are printed, none stops a document, and numbers stay readable."""

import json
import shutil
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfReader

from app.papers.kinds import KINDS, Contact
from app.papers.lettering import BOX, isolated, letters_of, tidy
from app.papers.render import MissingFont, load_fonts, parse, render_document
from app.papers.wording import download_name
from infra.filenames import safe_filename
from tests.unit.documents.samples import SAMPLES

ALL = sorted(KINDS)
SCRIPTS = {
    "Arabic": "عمر بن الخطاب",
    "Urdu": "زینب‌ها گل ڈار",
    "Pashto": "ګلالۍ ښکلې",
    "Kurdish": "ڕێزان چیا",
    "Hebrew": "שרה כהן",
    "Bengali": "সুমাইয়া আক্তার ক্ষ",
    "Tamil": "தமிழ்ச்செல்வி",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
    "Gujarati": "પ્રિયા પટેલ",
    "Hindi": "प्रिया शर्मा",
    "Malayalam": "ശ്രീലക്ഷ്മി",
    "Telugu": "శ్రీలక్ష్మి",
    "Kannada": "ಶ್ರೀಲಕ್ಷ್ಮಿ",
    "Sinhala": "ශ්‍රී ලංකා",
    "Odia": "ଶ୍ରୀମତୀ",
    "Vietnamese": "Nguyễn Thị Ánh Đặng",
    "Ukrainian": "Олена Ґеє Їжак",
    "Greek": "Ελένη Παπαδοπούλου",
    "Chinese": "王小明",
    "Hong Kong": "陳大文 嘅",
    "Japanese": "山田たろう",
    "Korean": "김철수",
    "Amharic": "አበበ በቀለ",
    "Thai": "สมชาย ใจดี",
    "Khmer": "សុខា",
    "Lao": "ສົມໃຈ",
    "Burmese": "မြန်မာ",
    "Georgian": "ნინო",
    "Armenian": "Անահիտ",
    "Syriac": "ܫܠܡܐ",
    "Dhivehi": "އައިޝާ",
    "N’Ko": "ߞߊ߬ߝߊ",
    "Tifinagh": "ⵜⵉⵏⵉⵎⵉ",
    "Yoruba": "Ọlá Ṣadé Ẹ̀bùn",
    "Welsh": "Siân Ŵyn",
}
OTHER = {
    "emoji": "Tea 🫖 👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ☕ 👍🏽",
    "no font has it": "\U00010300\U00012000 \ue000 \U0010fffd",
    "marks alone": "\u0301\u064b\u093f",
    "marks of another script": "a\u05b4 ب\u0301 ক\u064b ש\u0e34",
    "a tower of marks": "Z" + "\u0351\u0352\u0489" * 40 + "oe",
    "turned round": "\u202eeeL\u202c \u2067x\u2069 \u200fA\u061cb",
    "controls": "A\x00\x07\x1b\x85\u2028b\u2029c\ufeffd\u00ade",
    "halves of pairs": "A\ud83d b \udc00c",
    "no characters": "A\ufffe\U0001ffff\ufdd0b",
    "drawn for mathematics": "𝓐𝓷𝓷𝓪 ﬁ",
    "nothing to see": "\u200b\u2060\u3164\u115f",
    "code": '#read("/etc/passwd") {n} {of} {date} %(name)s \\u{41}',
}
NAMES = SCRIPTS | OTHER
KEPT = {"language", "url", "link"}


def everywhere(value: Any, typed: str) -> Any:
    """`value` with `typed` in every place where people may have typed."""
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            f.name: everywhere(getattr(value, f.name), typed) for f in fields(value) if f.name not in KEPT
        }
        return replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(everywhere(item, typed) for item in value)
    return typed if isinstance(value, str) else value


def sample(kind: str) -> Any:
    return parse(kind, SAMPLES[kind])


def read(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("kind", ALL)
def test_every_document_takes_every_script_in_every_place(fonts, kind):
    document = sample(kind)
    # Few places in a document, many scripts: as many documents as it takes.
    for start in range(0, len(SCRIPTS), 4):
        names = " ".join([*SCRIPTS.values()][start : start + 4])
        made = render_document(everywhere(document, names), fonts=fonts)
        assert made.boxed == frozenset()
        assert PdfReader(BytesIO(made.pdf)).pages


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_of_each_script_is_printed(fonts, script):
    made = render_document(replace(sample("certificate"), name=SCRIPTS[script]), fonts=fonts)
    assert made.boxed == frozenset()
    assert BOX not in read(made.pdf)


@pytest.mark.parametrize("kind", ALL)
def test_nothing_anybody_types_refuses_a_document(fonts, kind):
    assert PdfReader(
        BytesIO(render_document(everywhere(sample(kind), " ".join(OTHER.values())), fonts=fonts).pdf)
    ).pages


@pytest.mark.parametrize("what", OTHER)
def test_nothing_anybody_types_refuses_a_certificate(fonts, what):
    assert render_document(everywhere(sample("certificate"), OTHER[what]), fonts=fonts).pdf


@pytest.mark.parametrize("language", ["ar", "ur", "he", "bn", "zh", "uk", "vi", "ti"])
def test_documents_in_languages_of_other_scripts(fonts, language):
    made = render_document(replace(sample("group_plan"), language=language), fonts=fonts)
    assert made.boxed == frozenset()
    assert cast(Any, PdfReader(BytesIO(made.pdf)).trailer["/Root"])["/Lang"].startswith(language)


@pytest.mark.parametrize("kind", ALL)
def test_every_document_from_right_to_left(fonts, kind):
    assert render_document(replace(sample(kind), language="ar"), fonts=fonts).boxed == frozenset()


def test_one_name_among_many_changes_nothing_for_the_others(fonts):
    names = ("Aaliyah", *NAMES.values(), "Zoë")
    text = read(render_document(replace(sample("session_register"), names=names), fonts=fonts).pdf)
    assert "Aaliyah" in text
    assert "Zoë" in text


def test_what_no_font_has_is_a_box_that_is_counted(fonts):
    made = render_document(
        replace(sample("certificate"), name="Ada \U00010300\U00010301 \U00010300"), fonts=fonts
    )
    assert made.boxed == {"\U00010300", "\U00010301"}
    assert "Ada □□ □" in read(made.pdf)


def test_signs_drawn_for_mathematics_become_letters(fonts):
    assert "Anna" in read(render_document(replace(sample("certificate"), name="𝓐𝓷𝓷𝓪"), fonts=fonts).pdf)


def places_of_digits(pdf: bytes) -> list[str]:
    """The digits of the page as the eye meets them: from the left, line by line."""
    found: list[tuple[int, float, str]] = []

    def note(text, matrix, text_matrix, *_):
        if any(sign.isdigit() for sign in text):
            x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
            y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            found.append((-round(y), x, "".join(sign for sign in text if sign.isdigit())))

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=note)
    return [digits for _y, _x, digits in sorted(found)]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", ["عمر", "שרה", "Ada", "ߞߊ߬ߝߊ"])
def test_a_number_beside_a_name_from_right_to_left_is_not_turned_round(fonts, name, language):
    contact = Contact(name=name, phone="07700 900201")
    made = render_document(replace(sample("group_plan"), contact=contact, language=language), fonts=fonts)
    digits = "".join(places_of_digits(made.pdf))
    assert "07700900201" in digits
    assert "90020107700" not in digits


def test_a_right_to_left_document_begins_at_the_right(fonts):
    def middle_of_the_dots(language):
        """Where the numbers of the sessions stand, in part of the width of the page."""
        made = render_document(replace(sample("group_plan"), language=language), fonts=fonts)
        page, found = PdfReader(BytesIO(made.pdf)).pages[0], []

        def note(text, matrix, text_matrix, *_):
            if text.strip() in ("3", "4", "5"):
                found.append(text_matrix[4] * matrix[0] + matrix[4])

        page.extract_text(visitor_text=note)
        return sum(found) / len(found) / float(page.mediabox.width)

    assert middle_of_the_dots("en") < 0.3 < 0.7 < middle_of_the_dots("ar")


@pytest.mark.parametrize("name", NAMES)
def test_file_names_hold_no_strange_signs(name):
    made = download_name(everywhere(sample("agreement"), NAMES[name]))
    assert safe_filename(made)
    assert not set(made) & set("\x00\u202e\u2067\ud83d")


# --- what becomes of what people type ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada\r\nBo\u2028Cem ", "Ada\nBo\nCem"),
        ("g\u0306", "ğ"),
        ("\u202eeeL\u202c", "eeL"),
        ("زینب\u200cها", "زینب\u200cها"),
        ("\ud83d\ude00 \ud83d", ""),
        ("A\u00a0B\u2003C", "A B C"),
        ("", ""),
    ],
)
def test_tidy(typed, kept):
    assert tidy(typed) == kept


def test_only_words_that_need_it_are_set_apart():
    assert isolated("Ada 07700") == "Ada 07700"
    assert isolated("عمر\n\nعلي") == "\u2068عمر\u2069\n\n\u2068علي\u2069"
    assert isolated("Ada", right_to_left=True) == "\u2068Ada\u2069"


def test_a_number_in_groups_reads_from_the_left_in_any_sentence():
    assert isolated("عمر 07700 900201 و 12") == "\u2068عمر \u206607700 900201\u2069 و 12\u2069"
    assert isolated("עמר +44 (0)20 7946-0001") == "\u2068עמר \u2066+44 (0)20 7946-0001\u2069\u2069"


# --- the fonts themselves ----------------------------------------------------------------------------------


def test_the_list_of_letters_is_that_of_the_fonts(fonts):
    letters = letters_of(fonts)
    assert letters.families[:2] == ("Atkinson Hyperlegible Next", "Noto Sans")
    assert all(
        sign in letters
        for sign in "Az□" + "".join(SCRIPTS.values()).replace("\u200c", "").replace("\u200d", "")
    )
    assert not any(sign in letters for sign in "\U00010300\ue000")


def test_letters_with_marks_are_drawn_whole(fonts):
    # Our own font would put the tilde of ễ beside it.
    pdf = render_document(replace(sample("certificate"), name="Nguyễn"), fonts=fonts).pdf
    used = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for font in cast(Any, PdfReader(BytesIO(pdf)).pages[0]["/Resources"])["/Font"].values()
    }
    assert any(name.startswith("NotoSans-") for name in used)


def test_a_family_that_the_build_made_and_that_is_gone_is_noticed(fonts, tmp_path):
    for path in fonts.iterdir():
        if "bengali" not in path.name and "cjk" not in path.name:
            shutil.copy(path, tmp_path)
    with pytest.raises(MissingFont, match="Noto Sans Bengali"):
        load_fonts(tmp_path)


def test_the_licence_of_each_font_goes_where_the_font_goes(fonts):
    told = json.loads((fonts / "letters.json").read_text(encoding="utf-8"))
    licences = (fonts / "licences.txt").read_text(encoding="utf-8")
    for name in told["files"]:
        assert name.rsplit("-", 1)[0].removesuffix("-cjk") in licences
    assert licences.count("SIL OPEN FONT LICENSE") >= len(told["families"])
