"""Files that somebody might send in, and why one is turned away."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfWriter

from app.documents.checks import check_upload
from app.documents.refusals import UploadRefused
from app.documents.wordfiles import DOCX_TYPE
from tests.unit.documents.dialects import RELS, with_dialects

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"


def refusal(name: str, declared: str, data: bytes) -> str:
    """The code of the refusal; its words must say something to do."""
    with pytest.raises(UploadRefused) as refused:
        check_upload(name, declared, data)
    assert refused.value.reason_for_person.count(".") >= 2, "say what is wrong and what to do"
    return refused.value.code


def a_pdf(change=None, *, pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=100, height=100)
    if change:
        change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def an_image(form: str, size=(40, 20), mode="RGB", **save) -> bytes:
    out = BytesIO()
    Image.new(mode, size, None if mode == "P" else 1).save(out, form, **save)
    return out.getvalue()


DOCX_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/word/document.xml" ContentType="{DOCX_TYPE}.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{RELS}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": "<document>We talked about the room. DDE is a place name.</document>",
}


def a_docx(parts: Any = None, **changed) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({**DOCX_PARTS, **(parts or {})}).items():
            if content is not None:
                is_words = isinstance(content, str) and name.startswith("word/") and "rels" not in name
                archive.writestr(name, with_dialects(content) if is_words else content)
        archive.comment = changed.get("comment", b"")
    return out.getvalue()


def relations(kind: str, target: str, mode: str = "External") -> dict:
    return {
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r9" Type="{RELS}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        "</Relationships>"
    }
