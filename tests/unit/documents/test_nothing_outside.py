"""Nothing in an accepted file leads outside itself, but a link that somebody clicks."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from app.documents.checks import check_upload
from app.documents.wordfiles import DOCX_TYPE
from tests.unit.documents.dialects import RELS
from tests.unit.documents.files import DOCX_PARTS, a_docx, a_pdf, refusal, relations


def field(*runs: str) -> str:
    """A field of Word, its instruction in these runs."""
    inside = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    begin, separate, end = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end"))
    return f"{begin}{inside}{separate}x{end}"


def body(inside: str) -> dict:
    return {"word/document.xml": f"<w:document>{inside}</w:document>"}


SVG = {"word/media/image1.svg": ""}
ACTIVE = {
    "external picture": body(field('INCLUDEPICTURE "http://example.org/x.png" \\d')),
    "in pieces": body(field("INCLUDE", "PICT", 'URE "http://example.org/x"')),
    "small letters": body(field(' includepicture "http://example.org/x"')),
    "in a comment": body(field("INCLUDE<!-- -->PICTURE http://example.org/x")),
    "as characters": body(field("<![CDATA[INCLUDETEXT]]> http://example.org/x")),
    "as entities": body(field("&#73;MPORT x")),
    "without a field around it": body("<w:instrText>INCLUDEPICTURE x</w:instrText>"),
    "another prefix": body('<q:fldSimple q:instr="INCLUDEPICTURE x"/>'),
    "deleted": body("<w:delInstrText>INCLUDETEXT x</w:delInstrText>"),
    "a field named by a field": body(
        f'<w:fldChar w:fldCharType="begin"/>{field("QUOTE 1")}<w:fldChar w:fldCharType="end"/>'
    ),
    "linked": body(field("LINK Excel.Sheet c:\\x.xls")),
    "a referenced document": body(field("RD c:\\x.docx")),
    "a link that runs": body(field('HYPERLINK "file://server/x"')),
    "in a header": {"word/header1.xml": f"<w:hdr>{field('INCLUDEPICTURE x')}</w:hdr>"},
    "chunk": body('<w:altChunk r:id="r1"/>'),
    "part of another document": body('<w:subDoc r:id="r1"/>'),
    "object": body('<o:OLEObject Type="Link"/>'),
    "control": body('<w:control r:id="r1"/>'),
    "drawn from elsewhere": body('<v:imagedata src="http://example.org/x.png"/>'),
    "filled from elsewhere": body('<v:fill src="//example.org/x.png"/>'),
    "from a share": body('<v:imagedata src="\\\\server\\x.png"/>'),
    "web page": {"word/chunk.html": "<html/>"},
    "web page, capitals": {"word/chunk.HTM": "<html/>"},
    "mail": {"word/chunk.mht": "MIME-Version: 1.0"},
    "rich text": {"word/chunk.rtf": "{\\rtf1}"},
    "no ending": {"word/chunk": "x"},
    "encoded name": {"word/_rels/document.xml.re%6Cs": "<x/>"},
    "another alphabet": {"word/documеnt.xml": "<x/>"},
    "web page as a part": {
        "[Content_Types].xml": DOCX_PARTS["[Content_Types].xml"].replace(
            "</Types>", '<Override PartName="/word/x.xml" ContentType="text/html"/></Types>'
        )
    },
    "internal that is not": relations("image", "http://example.org/x.png", mode="Internal"),
    "internal, encoded": relations("image", "http%3A//example.org/x.png", mode="Internal"),
    "internal, a share": relations("image", "//server/x.png", mode="Internal"),
    "internal, a drive": relations("attachedTemplate", "C:/x.dotm", mode="Internal"),
    "capitals": relations("image", "http://example.org/x.png", mode="EXTERNAL"),
    "mode of its own": relations("image", "x.png", mode="Elsewhere"),
    "transform": relations("transform", "http://example.org/x.xsl"),
    "merged data": relations("mailMergeSource", "file:///x.csv"),
    "deep in the list": {
        "word/_rels/document.xml.rels": f'<Relationships><a><Relationship Id="r" Type="{RELS}/image"'
        ' Target="http://example.org/x" TargetMode="External"/></a></Relationships>'
    },
    "drawing that fetches": {"word/media/a.svg": '<svg><image href="http://example.org/x.png"/></svg>'},
    "drawing that uses": {"word/media/a.svg": '<svg><use xlink:href="http://example.org/x.svg#a"/></svg>'},
    "drawing with style": {"word/media/a.svg": "<svg><style>@import 'http://example.org'</style></svg>"},
    "drawing filled": {"word/media/a.svg": '<svg><path fill="url(http://example.org/x#a)"/></svg>'},
    "drawing that runs": {"word/media/a.svg": "<svg onload='x()'/>"},
    "drawing with a script": {"word/media/a.svg": "<svg><script>x()</script></svg>"},
}
UNREADABLE = {
    "utf-7": {"word/styles.xml": '<?xml version="1.0" encoding="UTF-7"?><x/>'},
    "utf-7, spaced": {"word/styles.xml": "<?xml version='1.0'  encoding = 'utf-7' ?><x/>"},
    "latin": {"word/styles.xml": '<?xml version="1.0" encoding="ISO-8859-1"?><x/>'},
    "ebcdic": {"word/styles.xml": '<?xml version="1.0" encoding="cp037"?><x/>'},
    "no utf-8": {"word/styles.xml": b"<x>\xff</x>"},
    "utf-7 in the list": {
        "word/_rels/document.xml.rels": '<?xml version="1.0" encoding="UTF-7"?><Relationships/>'
    },
    "a style sheet": {"word/styles.xml": '<?xml-stylesheet href="http://example.org/x.xsl"?><x/>'},
    "doctype with a space": {"word/styles.xml": "<!DOCTYPE x SYSTEM 'http://example.org/x.dtd'><x/>"},
    "no xml": {"word/styles.xml": "<x>"},
    "two roots": {"word/styles.xml": "<x/><y/>"},
    "entity of nobody": {"word/styles.xml": "<x>&boom;</x>"},
}


@pytest.mark.parametrize("what", ACTIVE)
def test_a_word_file_that_leads_outside(what):
    assert refusal("a.docx", DOCX_TYPE, a_docx(ACTIVE[what])) == "active"


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_word_file_that_readers_read_differently(what):
    assert refusal("a.docx", DOCX_TYPE, a_docx(UNREADABLE[what])) == "unreadable"


@pytest.mark.parametrize(
    "parts",
    [
        body(field(" PAGE \\* MERGEFORMAT ")),
        body(field(" NUMPAGES ")),
        body(field('HYPERLINK "https://example.org"')),
        body(field('HYPERLINK \\l "here"')),
        body(field('TOC \\o "1-3" \\h')),
        body(
            field('IF 1 = 1 "we include a link" "import"'.replace("include", "have").replace("import", "no"))
        ),
        body('<w:fldSimple w:instr=" DATE \\@ &quot;d MMMM&quot; "/>'),
        body("<w:t>We INCLUDE a PICTURE and a LINK to http://example.org in words.</w:t>"),
        {
            "word/media/image1.png": b"\x89PNG\r\n\x1a\n",
            "word/fonts/font1.odttf": b"x\x00",
            "word/theme/theme1.xml": "<a/>",
        },
        {
            "word/media/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"><path fill="url(#p)"/><use href="#p"/></svg>'
        },
        {"word/styles.xml": '\ufeff<?xml version="1.0" encoding="UTF-8" standalone="yes"?><x/>'},
        relations("image", "media/image1.png", mode="Internal"),
        relations("hyperlink", "mailto:ada@example.org"),
    ],
)
def test_what_ordinary_word_files_have_passes(parts):
    assert check_upload("a.docx", DOCX_TYPE, a_docx(parts)).kind == "docx"


def test_the_same_name_twice():
    out = BytesIO(a_docx())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", "<x/>")
    assert refusal("a.docx", DOCX_TYPE, out.getvalue()) == "unreadable"


# --- PDF -------------------------------------------------------------------------------------------------


def uri(address: str) -> DictionaryObject:
    return DictionaryObject(
        {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject(address)}
    )


def of_root(name: str, value):
    return lambda writer: writer._root_object.update({NameObject(name): value})


def of_page(name: str, value):
    return lambda writer: writer.pages[0].update({NameObject(name): value})


def filled_from_elsewhere(writer):
    stream = DecodedStreamObject()
    stream.set_data(b"x")
    stream[NameObject("/F")] = TextStringObject("http://example.org/x")
    of_page("/Contents", writer._add_object(stream))(writer)


@pytest.mark.parametrize(
    "change",
    [
        of_root("/OpenAction", uri("http://example.org")),
        of_root("/AA", DictionaryObject({NameObject("/WC"): uri("http://example.org")})),
        of_page("/AA", DictionaryObject({NameObject("/O"): uri("http://example.org")})),
        of_page("/X", uri("javascript:alert(1)")),
        of_page("/X", uri("file:///etc/passwd")),
        of_page("/X", DictionaryObject({NameObject("/Type"): NameObject("/Filespec")})),
        of_page(
            "/X",
            DictionaryObject(
                {NameObject("/Subtype"): NameObject("/Form"), NameObject("/Ref"): DictionaryObject()}
            ),
        ),
        of_page("/X", DictionaryObject({NameObject("/OPI"): DictionaryObject()})),
        of_page("/X", DictionaryObject({NameObject("/S"): NameObject("/Movie")})),
        filled_from_elsewhere,
    ],
)
def test_a_pdf_that_leads_outside(change):
    assert refusal("a.pdf", "application/pdf", a_pdf(change)) == "active"


@pytest.mark.parametrize(
    "address", ["https://example.org", "mailto:ada@example.org", "tel:02079460000", "#two"]
)
def test_a_pdf_with_a_link_to_click_passes(address):
    assert check_upload("a.pdf", "application/pdf", a_pdf(of_page("/X", uri(address)))).kind == "pdf"
