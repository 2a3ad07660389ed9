"""A Word file is made of what letters are made of; no value or text in it is an address but what is read or pressed.

`files/` holds letters with header, footer, pictures, links, comments, footnote, numbering, table and theme, as two
libraries write them (python-docx 1.2, whose empty document is one of Word's own, and docx 9).
"""

from __future__ import annotations

import zipfile
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pytest

from app.documents.addresses import holds_address
from app.documents.checks import check_upload
from app.documents.refusals import UploadRefused
from app.documents.wordfiles import DOCX_TYPE
from tests.unit.documents.dialects import RELS
from tests.unit.documents.files import DOCX_PARTS, a_docx, refusal, relations
from tests.unit.documents.test_nothing_outside import body, field

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MICROSOFT = "http://schemas.microsoft.com/office"
GUESTS = {
    "add-in": {"word/webextensions/taskpanes.xml": "<x/>"},
    "ribbon": {"customUI/customUI14.xml": "<x/>"},
    "chart's table": {"word/charts/chart1.xml": "<x/>"},
    "part of no letter": {"word/frames.xml": "<x/>"},
    "part at the top": {"evil.xml": "<x/>"},
    "folder of its own": {"word/webextensions/": ""},
    "printer's settings": {"word/printerSettings/printerSettings1.bin": b"\\\\server\\printer"},
}


def types(kind: str) -> dict:
    part = f'<Override PartName="/word/x.xml" ContentType="{kind}"/></Types>'
    return {"[Content_Types].xml": DOCX_PARTS["[Content_Types].xml"].replace("</Types>", part)}


def tied(kind: str, target: str = "styles.xml") -> dict:
    """A relation inside the file, of this whole kind."""
    return {
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r9" Type="{kind}" Target="{target}"/></Relationships>'
    }


def settings(inside: str) -> dict:
    return {"word/settings.xml": f"<w:settings>{inside}</w:settings>"}


def packed(target: str, mode: str = "Internal") -> str:
    """A drawing as old Words keep it beside a shape: a zip, in letters."""
    relation = f'<Relationship Type="{RELS}/image" Target="{target}" TargetMode="{mode}"/>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/e2oDoc.xml.rels", f"<Relationships>{relation}</Relationships>")
        archive.writestr("drs/e2oDoc.xml", "<x/>")
    return b64encode(out.getvalue()).decode()


LEADS_OUTSIDE = {
    "add-in, by its relation": tied(f"{MICROSOFT}/2011/relationships/webextensiontaskpanes"),
    "ribbon, by its relation": tied(f"{MICROSOFT}/2007/relationships/ui/extensibility"),
    "another's relation with a known ending": tied("http://example.org/relationships/image"),
    "frames": tied(f"{RELS}/frame"),
    "a film": tied(f"{RELS}/video"),
    "add-in, by its kind": types("application/vnd.ms-office.webextensiontaskpanes+xml"),
    "signature of its own kind": types("application/vnd.example+xml"),
    "mail merge": settings("<w:mailMerge><w:mainDocumentType w:val='formLetters'/></w:mailMerge>"),
    "asked from a server": settings("<w:x w:val='Provider=SQLOLEDB;Data Source=\\\\example.org\\s'/>"),
    "library of schemas": settings(
        "<sl:schemaLibrary><sl:schema sl:manifestLocation='m.xml'/></sl:schemaLibrary>"
    ),
    "schema that is attached": settings("<w:attachedSchema w:val='http://example.org/x'/>"),
    "smart tag to download": settings("<w:smartTagType w:name='y' w:url='http://example.org/'/>"),
    "style sheet on saving": settings("<w:saveThroughXslt w:xslt='x.xsl'/>"),
    "online film": body("<wp15:webVideoPr embeddedHtml='&lt;iframe&gt;'/>"),
    "picture from elsewhere": body("<v:shape><v:imagedata o:href='http://example.org/x.png'/></v:shape>"),
    "filled from elsewhere": body("<v:rect><v:fill o:href='http://example.org/x.png'/></v:rect>"),
    "picture beside it": body("<v:shape><v:imagedata src='x.png'/></v:shape>"),
    "shape to a share": body("<v:shape href='\\\\example.org\\x'/>"),
    "link of no dialect": body("<v:shape xmlns:v='urn:example' href='https://example.org'/>"),
    "style that fetches": body("<v:shape style='background:url(x)'/>"),
    "another base": body("<w:p xml:base='http://example.org/'/>"),
    "a value that nobody knows": body("<w:p w:val='http://example.org/'/>"),
    "a value with a share": body("<w:p w:later='\\\\example.org\\x'/>"),
    "a value without scheme": body("<w:p w:later='//example.org/x'/>"),
    "a value with a program": body("<w:p w:later='search-ms:query=x'/>"),
    "a text that nobody reads": body("<w:later>file://example.org/x</w:later>"),
    "a text of no dialect": body("<t xmlns='urn:example'>http://example.org</t>"),
    "bound to elsewhere": body("<w:dataBinding w:xpath='document(\"http://example.org\")'/>"),
    "prefixes and more": body("<w:dataBinding w:prefixMappings='xmlns:a=\"urn:a\" http://example.org'/>"),
    "packed drawing from elsewhere": body(f"<v:shape o:gfxdata='{packed('http://x/y', 'External')}'/>"),
    "packed drawing that is none": body("<v:shape o:gfxdata='bm90aGluZw=='/>"),
    "link to a share behind a switch": body(field('HYPERLINK \\t "_self" "\\\\example.org\\x"')),
    "link to a file beside it": body(field('HYPERLINK "x.docx"')),
    "a field whose words are its instruction": body(
        '<w:fldChar w:fldCharType="begin"/><w:r><w:t>INCLUDEPICTURE "http://example.org/x.png"</w:t></w:r>'
        '<w:fldChar w:fldCharType="separate"/><w:fldChar w:fldCharType="end"/>'
    ),
    "a field that goes on in words": body(
        '<w:fldChar w:fldCharType="begin"/><w:instrText>PAGE </w:instrText><w:t>INCLUDETEXT "http://example.org"</w:t>'
        '<w:fldChar w:fldCharType="end"/>'
    ),
    "a box that runs something": body("<w:ffData><w:entryMacro w:val='x'/></w:ffData>"),
    "a kind of part with an ending": {
        "[Content_Types].xml": DOCX_PARTS["[Content_Types].xml"].replace(
            "</Types>",
            '<Override Extension="zzz" PartName="/word/document2.xml"'
            ' ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>',
        )
    },
    "link made by a field": body(
        f'<w:fldChar w:fldCharType="begin"/><w:r><w:instrText>HYPERLINK </w:instrText></w:r>{field("DOCPROPERTY x")}'
        '<w:fldChar w:fldCharType="end"/>'
    ),
    "place that is a share": body(field('HYPERLINK \\l "\\\\example.org\\x"')),
    "share in a field that counts": body(field('IF 1 = 1 "\\\\example.org\\x"')),
    "link beside it": relations("hyperlink", "x.docx"),
    "link to a program": relations("hyperlink", "ms-word:ofe|u|http://example.org/x"),
    "link to a share in web clothes": relations("hyperlink", "https://example.org\\x"),
    "base for links": {
        "docProps/app.xml": f'<Properties xmlns="{RELS.rsplit("/", 1)[0]}/extended-properties">'
        "<HyperlinkBase>\\\\example.org\\x</HyperlinkBase></Properties>"
    },
    "form of another program": {
        "customXml/item1.xml": f'<customXsn xmlns="{MICROSOFT}/2006/metadata/customXsn">'
        "<xsnLocation>http://example.org/x.xsn</xsnLocation></customXsn>"
    },
    "share in a library's data": {"customXml/item1.xml": "<x>\\\\example.org\\x</x>"},
    "schema of a library's data": {
        "customXml/item1.xml": '<x xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
        ' i:schemaLocation="urn:x http://example.org/x.xsd"/>'
    },
    "drawing that moves": {
        "word/media/a.svg": '<svg><image><set attributeName="href" to="http://x/y"/></image></svg>'
    },
    "drawing that moves on": {"word/media/a.svg": '<svg><animate attributeName="href" values="a;b"/></svg>'},
    "drawing with a hidden word": {"word/media/a.svg": "<svg><style>a{b:u\\72l(http://x)}</style></svg>"},
    "drawing with a set": {"word/media/a.svg": "<svg><path style='fill:image-set(\"//x/y\" 1x)'/></svg>"},
    "drawing beside it": {"word/media/a.svg": '<svg><image href="x.png"/></svg>'},
    "drawing in a drawing": {"word/media/a.svg": '<svg><image href="data:image/svg+xml;base64,AA=="/></svg>'},
    "drawing with a base": {"word/media/a.svg": '<svg xml:base="http://example.org/"/>'},
}
NO_PICTURES = {
    "a web page": ("a.png", b"<html><script>alert(1)</script></html>"),
    "rich text": ("a.tif", b"{\\rtf1 {\\object\\objemb}}"),
    "a web page as a photo": ("a.jpg", b"<!doctype html>"),
    "words that begin like a picture": ("a.bmp", b"BM<html><script>alert(1)</script></html>"),
    "nothing": ("a.gif", b""),
    "a photo under another name": ("a.png", b"\xff\xd8\xff\xe0"),
    "a web page as a metafile": ("a.emf", b"\x01\x00\x00\x00<html>"),
    "a web page as a font": ("../fonts/a.ttf", b"<html>"),
    "a web page as a hidden font": ("../fonts/a.odttf", b"<html>"),
}


@pytest.mark.parametrize("what", LEADS_OUTSIDE)
def test_a_word_file_that_leads_outside(what):
    assert refusal("a.docx", DOCX_TYPE, a_docx(LEADS_OUTSIDE[what])) == "active"


@pytest.mark.parametrize("what", GUESTS)
def test_a_word_file_with_a_guest(what):
    assert refusal("a.docx", DOCX_TYPE, a_docx(GUESTS[what])) == "active"


@pytest.mark.parametrize("what", NO_PICTURES)
def test_a_picture_that_is_none(what):
    name, content = NO_PICTURES[what]
    part = f"word/media/{name}".replace("media/../", "")
    assert refusal("a.docx", DOCX_TYPE, a_docx({part: content})) == "active"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (GUESTS["add-in"], "add-in"),
        (LEADS_OUTSIDE["mail merge"], "mail merge"),
        ({"word/media/a.png": b"<html>"}, "picture"),
    ],
)
def test_the_refusal_says_what_it_was(parts, words):
    with pytest.raises(UploadRefused) as refused:
        check_upload("a.docx", DOCX_TYPE, a_docx(parts))
    assert words in refused.value.words
    assert "Save it as a PDF" in refused.value.words


# --- what passes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parent / "letters").glob("*.docx")), ids=lambda file: file.stem
)
def test_letters_of_other_programs_pass(file):
    assert check_upload("a.docx", DOCX_TYPE, file.read_bytes()).kind == "docx"


STAYS = {
    "addresses in words": body(
        "<w:p><w:r><w:t>See https://example.org or \\\\server\\share</w:t></w:r></w:p>"
    ),
    "where a picture came from": body("<wp:docPr id='1' name='Picture 1' descr='C:\\Users\\ann\\x.png'/>"),
    "a tip": body("<w:hyperlink r:id='r9' w:tooltip='https://example.org'><w:r/></w:hyperlink>"),
    "a shape to press": body("<v:shape href='https://example.org' style='position:absolute'/>"),
    "dialects": body(f"<a:graphicData uri='{MICROSOFT}/word/2010/wordprocessingShape'/>"),
    "how a date is written": body(
        "<w:dateFormat w:val='HH:mm'/><w:lvlText w:val='Part:%1'/><w:alias w:val='Name:x'/>"
    ),
    "bound to its own data": body(
        "<w:dataBinding w:prefixMappings='xmlns:ns0=\"http://example.org/own\" ' w:xpath='/ns0:a[1]/ns0:b[1]'/>"
    ),
    "packed drawing": body(f"<v:shape o:gfxdata='{packed('../media/x.png')}'/>"),
    "links": body(
        field('HYPERLINK "https://example.org/a?b=c" \\o "Our page" \\t "_blank"')
        + field('HYPERLINK \\l "_Toc1"')
        + field('HYPERLINK "mailto:ada@example.org"')
    ),
    "a date and words behind it": body(field("DATE \\@ dd.MM.yyyy") + "<w:t>https://example.org</w:t>"),
    "contents": body(field('TOC \\o "1-3" \\h \\z \\u')),
    "compatibility": settings(f"<w:compatSetting w:name='x' w:uri='{MICROSOFT}/word' w:val='15'/>"),
    "smart tags of their own": settings(
        "<w:smartTagType w:namespaceuri='urn:schemas-microsoft-com:office:smarttags'/>"
    ),
    "people": {
        "word/people.xml": "<w:person w:author='Ann'><w:presenceInfo w:userId='S::ann@example.org::1'/></w:person>"
    },
    "a label": {"docMetadata/LabelInfo.xml": "<x id='{1}' method='Standard'/>"}
    | types("application/vnd.ms-office.classificationlabels+xml"),
    "a library's data": {
        "customXml/item1.xml": '<?xml version="1.0"?><?mso-contentType?>'
        '<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema" targetNamespace="http://example.org/x">'
        '<s:import namespace="http://purl.org/dc/terms/"'
        ' schemaLocation="http://dublincore.org/schemas/xmls/qdc/2003/04/02/dcterms.xsd"/>'
        "<Url>https://example.sharepoint.com/a, x</Url><xsnLocation></xsnLocation></s:schema>",
        "customXml/_rels/item1.xml.rels": f'<Relationships><Relationship Id="r" Type="{RELS}/customXmlProps"'
        ' Target="itemProps1.xml"/></Relationships>',
        "customXml/itemProps1.xml": "<x/>",
    },
    "said about it": {
        "docProps/core.xml": '<x xmlns="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Letter: https://example.org</dc:title></x>'
    },
    "a main part of another name": {
        "word/document.xml": None,
        "word/document2.xml": DOCX_PARTS["word/document.xml"],
    },
    "a drawing": {
        "word/media/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<style>.a{fill:url(#p)}</style><a xlink:href="https://example.org"><path style="fill:none"/></a>'
        '<image href="data:image/png;base64,AAAA"/><path transform="translate(1 2)" clip-path="url(#c)"/></svg>'
    },
    "pictures": {
        "word/media/a.jpeg": b"\xff\xd8\xff\xe0",
        "word/media/b.gif": b"GIF89a",
        "word/media/c.emf": b"\x01\x00\x00\x00" + bytes(36) + b" EMF",
        "word/media/d.wmf": b"\xd7\xcd\xc6\x9a",
        "word/media/e.tiff": b"II*\x00",
        "word/media/f.bmp": b"BM" + bytes(12) + b"\x28\x00\x00\x00",
        "word/fonts/g.ttf": b"\x00\x01\x00\x00",
    },
    "a kind for endings that are not there": {
        "[Content_Types].xml": DOCX_PARTS["[Content_Types].xml"].replace(
            "</Types>", '<Default Extension="bin" ContentType="application/x-printer"/></Types>'
        )
    },
}


@pytest.mark.parametrize("what", STAYS)
def test_what_ordinary_word_files_have_passes(what):
    assert check_upload("a.docx", DOCX_TYPE, a_docx(STAYS[what])).kind == "docx"


@pytest.mark.parametrize("bit", ["a", "ms-", "file ", "(", "(  ", "data:a"])
def test_a_long_value_is_looked_at_once_and_not_from_every_letter(bit):
    """From every letter it would take an hour, and keep a page's process for as long."""
    assert not holds_address(bit * (400_000 // len(bit)))
