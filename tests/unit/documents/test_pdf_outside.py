"""Whatever a PDF does, by itself or when it is pressed, is followed to its end and stays in the file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from app.documents.checks import check_upload
from tests.unit.documents.files import PDF, a_pdf, refusal
from tests.unit.documents.test_nothing_outside import of_page, of_root, uri

FAR = "https://example.org"


def names(**pairs) -> DictionaryObject:
    """A dictionary whose words are names: names(S="Named") is << /S /Named >>."""
    return DictionaryObject(
        {
            NameObject(f"/{key}"): NameObject(f"/{value}") if type(value) is str else value
            for key, value in pairs.items()
        }
    )


def turn(following=None) -> DictionaryObject:
    """An action that turns a page, and what comes after it."""
    action = names(S="Named", N="NextPage")
    if following is not None:
        action[NameObject("/Next")] = following
    return action


def note(**pairs):
    """An annotation on the page."""
    return of_page("/Annots", ArrayObject([names(Type="Annot", **pairs)]))


def pressed(action) -> Callable[[PdfWriter], None]:
    return note(Subtype="Link", A=action)


def behind_references(writer):
    far = writer._add_object(uri(FAR))
    middle = writer._add_object(turn(ArrayObject([far])))
    of_root("/OpenAction", writer._add_object(turn(middle)))(writer)


def round_and_round(writer):
    second = turn()
    first = writer._add_object(turn(writer._add_object(second)))
    second[NameObject("/Next")] = first
    pressed(first)(writer)


def without_end(writer):
    action = turn()
    for _ in range(300):
        action = turn(writer._add_object(action))
    of_root("/OpenAction", action)(writer)


def drawn(kind: str):
    def change(writer):
        stream = DecodedStreamObject()
        stream.set_data(b"x")
        stream.update(names(Type=kind, Subtype="U3D"))
        of_page("/X", writer._add_object(stream))(writer)

    return change


LEADS_OUTSIDE = {
    "opens a page two steps on": of_root("/OpenAction", turn(turn(uri(FAR)))),
    "opens a page, in a list": of_root("/OpenAction", turn(ArrayObject([turn(), uri(FAR)]))),
    "opens a page, behind references": behind_references,
    "when a page is turned, one step on": of_page("/AA", names(O=turn(uri(FAR)))),
    "when the file is closed": of_root("/AA", names(WC=turn(uri(FAR)))),
    "when a note comes into sight": note(Subtype="Widget", AA=names(PV=turn(uri(FAR)))),
    "pressed, to a share behind a turn": pressed(turn(uri("//example.org/share/x"))),
    "pressed, to a file": pressed(uri("file:///etc/passwd")),
    "pressed, to a share": pressed(uri("//example.org/share/x")),
    "pressed, to a share of Windows": pressed(uri("\\\\example.org\\x")),
    "pressed, to a file beside it": pressed(uri("x.exe")),
    "pressed, to another program": pressed(uri("ms-word:ofe|u|https://example.org/x.docx")),
    "pressed, a link without an address": pressed(names(S="URI")),
    "pressed, what nobody knows": pressed(names(S="GoToDp")),
    "pressed, a menu of the program": pressed(names(S="Named", N="SaveAs")),
    "short links start elsewhere": of_root("/URI", names(Base=TextStringObject("file://x/"))),
    "another file, by name": of_page("/X", DictionaryObject({NameObject("/UF"): TextStringObject("x.pdf")})),
    "another file, at an address": of_page("/X", names(FS="URL")),
    "another file, in a form": of_page("/X", DictionaryObject({NameObject("/F"): TextStringObject("x.fdf")})),
    "something that acts and is no list": of_page("/AA", ArrayObject([uri(FAR)])),
    "steps without end": without_end,
    "steps of a show": of_page("/PresSteps", names(S="URI")),
    "pages that were fetched": of_root("/SpiderInfo", names(V="1")),
    "a clock on the web": of_page("/SV", names(TimeStamp="x")),
    "drawing in space": note(Subtype="3D"),
    "drawing in space that runs": of_page("/X", names(OnInstantiate=names())),
    "what is drawn in space": drawn("3D"),
    "a film": note(Subtype="Screen"),
    "a sound": note(Subtype="Sound"),
    "rich media": note(Subtype="RichMedia"),
    "a projector": note(Subtype="Projection"),
    "a kind of note that nobody knows": note(Subtype="Hologram"),
    "a film to press": pressed(names(S="Rendition")),
    "a script one step on": of_root("/OpenAction", turn(names(S="JavaScript"))),
    "prints as it opens": of_root("/OpenAction", names(S="Named", N="Print")),
    "empties its boxes as it opens": of_root("/OpenAction", names(S="ResetForm")),
    "prints as it closes": of_root("/AA", names(WC=names(S="Named", N="Print"))),
    "a program one step on": pressed(turn(names(S="Launch"))),
    "another PDF": pressed(names(S="GoToR")),
    "a folder of files": of_root("/Collection", names()),
    "colours from elsewhere": of_page("/X", names(DestOutputProfileRef=names())),
}


TAKES_OVER = {
    "turns on as it opens": of_root("/OpenAction", turn()),
    "turns on as a page is seen": of_page("/AA", names(O=turn())),
    "fills the screen": of_root("/PageMode", NameObject("/FullScreen")),
    "hides the menus": of_root("/ViewerPreferences", names(HideMenubar=BooleanObject(value=True))),
    "hides the tools": of_root("/ViewerPreferences", names(HideToolbar=BooleanObject(value=True))),
    "hides what is round it": of_root("/ViewerPreferences", names(HideWindowUI=BooleanObject(value=True))),
}


@pytest.mark.parametrize("what", TAKES_OVER)
def test_a_pdf_that_hides_the_program_or_moves_by_itself(what):
    assert refusal("a.pdf", PDF, a_pdf(TAKES_OVER[what])) == "active"


def twice(name: str, other: str, change) -> bytes:
    """A PDF in which `other`, as long as `name`, is written as `name` too: it stands there twice."""
    data = a_pdf(change)
    assert data.count(other.encode()) == 1
    return data.replace(other.encode(), name.encode())


def both(where, name: str, first, other: str, last):
    def change(writer):
        where(name, first)(writer)
        where(other, last)(writer)

    return change


FIT = ArrayObject([NameObject("/Fit")])
STANDS_TWICE = {
    "opens a place, and a page": (
        "/OpenAction",
        "/OpenActioX",
        both(of_root, "/OpenAction", FIT, "/OpenActioX", uri(FAR)),
    ),
    "opens a page, and a place": (
        "/OpenAction",
        "/OpenActioX",
        both(of_root, "/OpenActioX", uri(FAR), "/OpenAction", FIT),
    ),
    "sets nothing off, and a page": ("/AA", "/XX", both(of_page, "/AA", names(), "/XX", names(O=uri(FAR)))),
    "has no notes, and some": (
        "/Annots",
        "/AnnotX",
        both(of_page, "/Annots", ArrayObject(), "/AnnotX", ArrayObject()),
    ),
    "one action of two kinds": (
        "/S",
        "/Q",
        of_root(
            "/OpenAction",
            DictionaryObject({NameObject("/S"): NameObject("/GoTo"), NameObject("/Q"): NameObject("/Named")}),
        ),
    ),
}


@pytest.mark.parametrize("what", STANDS_TWICE)
def test_what_stands_twice_in_one_place(what):
    """pypdf reads the first of them, other programs the last."""
    assert refusal("a.pdf", PDF, twice(*STANDS_TWICE[what])) in {"unreadable", "active"}


def test_what_stands_twice_in_a_place_that_no_list_names():
    hidden = b"9 0 obj << /S /GoTo /S /GoTo >> endobj\n"
    assert refusal("a.pdf", PDF, a_pdf().replace(b"xref\n", hidden + b"xref\n", 1)) == "unreadable"


@pytest.mark.parametrize("what", LEADS_OUTSIDE)
def test_a_pdf_that_leads_outside(what):
    assert refusal("a.pdf", PDF, a_pdf(LEADS_OUTSIDE[what])) == "active"


STAYS = {
    "opens at its first page": of_root("/OpenAction", names(S="GoTo")),
    "opens at a place": of_root("/OpenAction", ArrayObject([NameObject("/Fit")])),
    "pressed, and turned on": pressed(turn(turn())),
    "shows its menus": of_root("/ViewerPreferences", names(HideMenubar=BooleanObject(value=False))),
    "opens with its outline": of_root("/PageMode", NameObject("/UseOutlines")),
    "goes round": round_and_round,
    "pressed, and printed": pressed(names(S="Named", N="Print")),
    "pressed, to a page": pressed(uri(FAR)),
    "pressed, to a page without its scheme": pressed(uri("www.example.org/a:b")),
    "pressed, turned and on to a letter": pressed(turn(uri("mailto:ada@example.org"))),
    "how an element looks": of_page("/X", names(S="Link", A=names(O="Layout", Placement="Block"))),
    "a group of see-through things": of_page("/Group", names(S="Transparency", Type="Group")),
    "a field to fill in": note(Subtype="Widget", FT="Tx"),
    "a letter F among fonts": of_page("/X", DictionaryObject({NameObject("/F"): names(Type="Font")})),
    "a marked word": note(Subtype="Highlight"),
}


@pytest.mark.parametrize("what", STAYS)
def test_what_ordinary_pdfs_have_passes(what):
    assert check_upload("a.pdf", PDF, a_pdf(STAYS[what])).kind == "pdf"


def test_a_scan_of_two_pages_passes():
    out = BytesIO()
    pages = [Image.effect_noise((300, 400), 40).convert("RGB") for _ in range(2)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], title="Scan")
    assert check_upload("a.pdf", PDF, out.getvalue()).kind == "pdf"


def a_zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.html", "<script>alert(1)</script>")
    return out.getvalue()


def test_an_archive_that_stands_in_the_middle():
    def carry(writer):
        stream = DecodedStreamObject()
        stream.set_data(a_zip())
        of_page("/X", writer._add_object(stream))(writer)

    data = a_pdf(carry)
    end = data.rindex(b"PK\x05\x06")
    # Its comment reaches to the end of the file, so that programs for archives open it as one.
    both = data[: end + 20] + (len(data) - end - 22).to_bytes(2, "little") + data[end + 22 :]
    assert zipfile.ZipFile(BytesIO(both)).namelist() == ["a.html"]
    assert refusal("a.pdf", PDF, both) == "unreadable"


@pytest.mark.parametrize("inside", [b"Rar!\x1a\x07\x01", b"7z\xbc\xaf\x27\x1c"])
def test_other_archives_in_the_middle(inside):
    def carry(writer):
        stream = DecodedStreamObject()
        stream.set_data(inside)
        of_page("/X", writer._add_object(stream))(writer)

    assert refusal("a.pdf", PDF, a_pdf(carry)) == "unreadable"


@pytest.mark.parametrize(
    "line", [b"%PDF-1.7 <html><script>x()</script>", b"%PDF-1.7<svg onload=x()>", b"%PDF-x"]
)
def test_a_web_page_in_the_first_line(line):
    assert refusal("a.pdf", PDF, a_pdf().replace(b"%PDF-1.3", line, 1)) == "unreadable"


def test_a_script_behind_the_end_that_no_list_names():
    hidden = b"9 0 obj << /S /#4aavaScript /#4a#53 (x) >> endobj\n"
    assert refusal("a.pdf", PDF, a_pdf() + hidden) == "unreadable"


def test_a_script_that_no_list_names():
    data = a_pdf()
    hidden = b"9 0 obj << /S /#4aavaScript >> endobj\n"
    assert refusal("a.pdf", PDF, data.replace(b"xref\n", hidden + b"xref\n", 1)) in {"active", "unreadable"}
