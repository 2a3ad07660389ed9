"""The fonts of documents, and a way to render and read one."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from pypdf import PdfReader

from app.papers.lettering import FONTS
from app.papers.render import MissingFont, load_fonts, render
from tests.unit.documents.samples import SAMPLES


@pytest.fixture(autouse=True)
def today_of_the_samples(monkeypatch):
    """Days of the samples are near: those far off are written with their year."""
    monkeypatch.setattr("app.shell.dates.today", lambda: date(2026, 12, 1))


@pytest.fixture(scope="session")
def fonts() -> Path:
    try:
        load_fonts(FONTS)
    except MissingFont as missing:
        pytest.fail(f"{missing} (make test does)")
    return FONTS


@dataclass(frozen=True)
class Rendered:
    data: bytes
    reader: PdfReader

    @property
    def text(self) -> str:
        """All words in reading order, with single spaces."""
        return " ".join(" ".join(page.extract_text() for page in self.reader.pages).split())

    @property
    def pages(self) -> int:
        return len(self.reader.pages)

    def tags(self) -> list:
        """Every element of the structure tree, in order, as dictionaries."""
        found = []

        def walk(element):
            element = element.get_object()
            if not hasattr(element, "get") or not {"/S", "/K"} & element.keys():
                return
            if "/S" in element:
                found.append(element)
            children = element.get("/K", [])
            children = children.get_object() if hasattr(children, "get_object") else children
            for child in children if isinstance(children, list) else [children]:
                if hasattr(child.get_object(), "keys"):
                    walk(child)

        walk(cast(Any, self.reader.trailer["/Root"])["/StructTreeRoot"])
        return found


@pytest.fixture
def rendered(fonts):
    """Render the sample of a kind, with changes."""

    def make(kind: str, **changes) -> Rendered:
        data = render(kind, SAMPLES[kind] | changes, fonts=fonts)
        return Rendered(data, PdfReader(BytesIO(data)))

    return make
