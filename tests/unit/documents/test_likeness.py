"""A paper of ours that was only saved again is told from one that somebody wrote on."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, NameObject

from app.documents.checks import check_upload
from app.documents.likeness import digest_pages
from app.papers.render import render
from tests.unit.documents.samples import SAMPLES


@pytest.fixture(scope="module")
def paper(fonts) -> bytes:
    return render("agreement", SAMPLES["agreement"], fonts=fonts)


def saved_again(paper: bytes, change=None) -> bytes:
    writer, out = PdfWriter(clone_from=BytesIO(paper)), BytesIO()
    if change:
        change(writer)
    writer.write(out)
    return out.getvalue()


def squeezed(writer: PdfWriter) -> None:
    for page in writer.pages:
        page.compress_content_streams()
    writer.add_metadata({"/Producer": "Another program"})


def a_note(writer: PdfWriter) -> None:
    writer.add_annotation(-1, FreeText(text="Jo Head", rect=(100, 100, 300, 130)))


def a_line_drawn(writer: PdfWriter) -> None:
    page = writer.pages[-1]
    drawn = DecodedStreamObject()
    drawn.set_data(cast(Any, page.get_contents()).get_data() + b"\n10 10 m 90 90 l S")
    page[NameObject("/Contents")] = writer._add_object(drawn)


@pytest.mark.parametrize("change", [None, squeezed])
def test_saved_again_is_like_it(paper, change):
    again = saved_again(paper, change)
    assert again != paper
    assert digest_pages(again) == digest_pages(paper)
    assert check_upload("a.pdf", "application/pdf", again).pages_sha256 == digest_pages(paper)


@pytest.mark.parametrize("change", [a_note, a_line_drawn, PdfWriter.add_blank_page])
def test_written_on_is_not(paper, change):
    assert digest_pages(saved_again(paper, change)) != digest_pages(paper)
