"""Files are looked at in a process of their own: one that is made to take long ends alone, and says so."""

from __future__ import annotations

from threading import BoundedSemaphore

import pytest

from app.documents import apart
from app.documents.apart import check_apart
from app.documents.checks import check_upload
from app.documents.refusals import UploadRefused
from tests.unit.documents.files import PNG, an_image


def test_what_the_child_says_is_what_the_checks_say():
    picture = an_image("PNG")
    assert check_apart("a.png", PNG, picture) == check_upload("a.png", PNG, picture)


def test_a_refusal_keeps_its_words():
    with pytest.raises(UploadRefused) as refused:
        check_apart("a.exe", "application/octet-stream", b"MZ")
    assert refused.value.code == "kind"
    assert "PDF, Word (DOCX), JPG and PNG" in refused.value.words


@pytest.mark.parametrize(
    ("limit", "little", "codes"),
    # Where memory ends is the allocator's: before the file is handed over, or while it is read.
    [("PATIENCE", 0, {"too_hard"}), ("MEMORY", 1, {"too_hard", "unreadable"})],
)
def test_what_takes_too_much_is_ended_and_said(monkeypatch, limit, little, codes):
    monkeypatch.setattr(apart, limit, little)
    with pytest.raises(UploadRefused) as refused:
        check_apart("a.png", PNG, an_image("PNG", size=(3000, 3000)))
    assert refused.value.code in codes
    monkeypatch.undo()
    assert check_apart("a.png", PNG, an_image("PNG")).kind == "png", "and the next one is looked at"


def test_so_many_at_once_and_the_next_is_asked_to_come_back(monkeypatch):
    monkeypatch.setattr(apart, "_places", BoundedSemaphore(1))
    monkeypatch.setattr(apart, "TURN", 0)
    apart._places.acquire()
    with pytest.raises(UploadRefused) as refused:
        check_apart("a.png", PNG, an_image("PNG"))
    assert refused.value.code == "busy"
