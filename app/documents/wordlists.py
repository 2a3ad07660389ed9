"""What a Word file may be made of: the names of its parts, how they are tied together, what kinds they are.

These are what Word, LibreOffice, Google Docs and Pages write for letters. Whatever else there is (add-ins, programs,
other documents, charts with their tables, films) is a guest, and none of it is needed on a letter.
"""

import re
from collections.abc import Callable

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN_PART = f"{DOCX_TYPE}.main+xml"

_WORD_PARTS = (
    r"(document|styles|stylesWithEffects|settings|webSettings|fontTable|numbering|footnotes|endnotes|header|footer"
    r"|comments|commentsExtended|commentsIds|commentsExtensible|people|intelligence)\d*\.xml"
)
_PICTURES = r"[\w .()-]+\.(png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|wdp|jxr)"
PART_NAME = re.compile(
    r"(?i)\[Content_Types\]\.xml|_rels/\.rels"
    r"|docProps/((app|core|custom)\.xml|thumbnail\.(jpe?g|png|emf|wmf))|docMetadata/LabelInfo\.xml"
    r"|customXml/((item|itemProps)\d+\.xml|_rels/item\d+\.xml\.rels)"
    rf"|(word/)?media/{_PICTURES}"
    rf"|word/(glossary/)?({_WORD_PARTS}|_rels/{_WORD_PARTS}\.rels)"
    r"|word/theme/(theme\d*\.xml|_rels/theme\d*\.xml\.rels)"
    r"|word/fonts/[\w .()-]+\.(odttf|ttf|otf)"
    r"|word/diagrams/((data|layout|quickStyle|colors|drawing)\d*\.xml|_rels/(data|drawing)\d*\.xml\.rels)"
    r"|word/(ink/ink|documenttasks/documenttasks)\d*\.xml"
)
FOLDER_NAME = re.compile(
    r"(?i)(_rels|docProps|docMetadata|customXml(/_rels)?|media|word(/(_rels|media|theme(/_rels)?|fonts|ink|documenttasks"
    r"|diagrams(/_rels)?|glossary(/_rels)?))?)/"
)

_OFFICE = (
    "officeDocument", "extended-properties", "extendedProperties", "custom-properties", "customProperties", "styles",
    "settings", "webSettings", "fontTable", "font", "theme", "numbering", "footnotes", "endnotes", "header", "footer",
    "comments", "image", "hyperlink", "customXml", "customXmlProps", "glossaryDocument", "diagramData",
    "diagramLayout", "diagramQuickStyle", "diagramColors",
)  # fmt: skip
_MICROSOFT = (
    "2007/relationships/stylesWithEffects", "2007/relationships/diagramDrawing", "2007/relationships/hdphoto",
    "2011/relationships/commentsExtended", "2011/relationships/people", "2016/09/relationships/commentsIds",
    "2018/08/relationships/commentsExtensible", "2019/05/relationships/documenttasks",
    "2020/02/relationships/classificationlabels", "2020/10/relationships/intelligence",
)  # fmt: skip
HYPERLINK = {
    f"{home}/hyperlink"
    for home in (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    )
}
RELATIONS = {
    *(f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{name}" for name in _OFFICE),
    *(f"http://purl.oclc.org/ooxml/officeDocument/relationships/{name}" for name in _OFFICE),
    *(f"http://schemas.microsoft.com/office/{name}" for name in _MICROSOFT),
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
    "http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties",
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
}

_WORD_TYPES = (
    "document.main", "document.glossary", "styles", "settings", "webSettings", "fontTable", "numbering", "footnotes",
    "endnotes", "header", "footer", "comments", "commentsExtended", "commentsIds", "commentsExtensible", "people",
)  # fmt: skip
CONTENT_TYPES = {
    kind.lower()
    for kind in (
        *(f"{DOCX_TYPE.removesuffix('document')}{name}+xml" for name in _WORD_TYPES),
        "application/xml", "text/xml", "application/inkml+xml",
        "application/vnd.openxmlformats-package.relationships+xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        "application/vnd.openxmlformats-officedocument.theme+xml",
        "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml",
        "application/vnd.openxmlformats-officedocument.drawingml.diagramLayout+xml",
        "application/vnd.openxmlformats-officedocument.drawingml.diagramStyle+xml",
        "application/vnd.openxmlformats-officedocument.drawingml.diagramColors+xml",
        "application/vnd.openxmlformats-officedocument.obfuscatedFont",
        "application/vnd.ms-office.drawingml.diagramDrawing+xml",
        "application/vnd.ms-office.classificationlabels+xml", "application/vnd.ms-office.intelligence2+xml",
        "application/vnd.ms-office.documenttasks+xml", "application/vnd.ms-word.stylesWithEffects+xml",
        "application/x-fontdata", "application/x-font-ttf", "application/x-font-otf",
        "font/ttf", "font/otf",
        "image/png", "image/jpeg", "image/jpg", "image/gif", "image/bmp", "image/tiff", "image/x-emf", "image/emf",
        "image/x-wmf", "image/wmf", "image/svg+xml", "image/vnd.ms-photo", "image/jxr",
    )
}  # fmt: skip


def _bmp(head: bytes) -> bool:
    return head[:2] == b"BM" and head[14:18] in {
        size.to_bytes(4, "little") for size in (12, 40, 52, 56, 108, 124)
    }


def _emf(head: bytes) -> bool:
    return head[:4] == b"\x01\x00\x00\x00" and head[40:44] == b" EMF"


def _wmf(head: bytes) -> bool:
    return head.startswith((b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00"))


def _begins(*ways: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(ways)


_FONT = _begins(b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf")
_SNIFFED: dict[str, Callable[[bytes], bool]] = {
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": _begins(b"\xff\xd8\xff"),
    "jpeg": _begins(b"\xff\xd8\xff"),
    "gif": _begins(b"GIF87a", b"GIF89a"),
    "bmp": _bmp,
    "tif": _begins(b"II*\x00", b"MM\x00*"),
    "tiff": _begins(b"II*\x00", b"MM\x00*"),
    "emf": _emf,
    "wmf": _wmf,
    "wdp": _begins(b"II\xbc"),
    "jxr": _begins(b"II\xbc"),
    "ttf": _FONT,
    "otf": _FONT,
    # Its beginning is mixed with a key; what is behind it is never plain text.
    "odttf": lambda head: b"\x00" in head,
}
ENOUGH_TO_SNIFF = 512  # bytes


def is_what_its_name_says(name: str, content: bytes) -> bool:
    """Whether a picture or font begins as its name's ending says. Parts of XML are looked at elsewhere."""
    look = _SNIFFED.get(name.rpartition(".")[2].lower())
    return look is None or look(content[:ENOUGH_TO_SNIFF])
