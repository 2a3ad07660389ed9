"""A PDF's own list of its objects may be wrong: what a reader finds without it counts as well."""

from __future__ import annotations

import zlib

import pytest

from app.documents.checks import check_upload
from tests.unit.documents.files import PDF, refusal

SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
HARMLESS = b"<</S/GoTo/D[3 0 R/Fit]>>"


def packed(*objects: tuple[int, bytes], kind: bytes = b"/ObjStm") -> bytes:
    """A stream of objects, each with its number."""
    head = body = b""
    for number, item in objects:
        head += b"%d %d " % (number, len(body))
        body += item + b" "
    data = zlib.compress(head + body)
    names = b"<</Type%s/N %d/First %d/Filter/FlateDecode/Length %d>>"
    return names % (kind, len(objects), len(head), len(data)) + b"stream\n" + data + b"\nendstream"


def a_file(*more: tuple[int, bytes], catalog: bytes = b"", garble: int = 0, unlisted: bytes = b"") -> bytes:
    """A PDF of one page. `garble`: how many places of its list lead nowhere."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
    objects = [
        (1, b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog),
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, page),
        *more,
    ]
    data, places = b"%PDF-1.7\n", {}
    for number, item in objects:
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    data += unlisted
    size = max(places) + 1
    table = b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, size))
    table = table.replace(b"0000000", b"9999999", garble)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size + table
    return data + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, start)


@pytest.mark.parametrize("garble", [0, 1, 2, 3])
def test_a_script_in_a_packed_object_that_the_list_does_not_name(garble):
    data = a_file((5, packed((4, SCRIPT))), catalog=b"/OpenAction 4 0 R", garble=garble)
    assert b"JavaScript" not in data
    assert refusal("a.pdf", PDF, data) in {"active", "unreadable"}


@pytest.mark.parametrize("kind", [b"/ObjStm", b"/#4fbjStm", b"/Obj#53tm"])
def test_a_stream_of_objects_that_no_list_names_is_unpacked(kind):
    """Behind the others, and outside the list altogether."""
    hidden = b"9 0 obj\n" + packed((7, HARMLESS), (8, SCRIPT), kind=kind) + b"\nendobj\n"
    assert refusal("a.pdf", PDF, a_file(unlisted=hidden)) == "active"


def test_an_object_that_no_list_names_is_read():
    hidden = b"9 0 obj\n<</OpenAction<</S/URI/URI(https://example.org)>>>>\nendobj\n"
    assert refusal("a.pdf", PDF, a_file(unlisted=hidden)) == "active"


def test_a_stream_of_objects_that_cannot_be_unpacked_is_refused():
    hidden = b"9 0 obj\n" + packed((7, HARMLESS)).replace(b"/First 4", b"/First 5") + b"\nendobj\n"
    broken = hidden.replace(b"/FlateDecode", b"/NoSuchWay.")
    assert refusal("a.pdf", PDF, a_file(unlisted=broken)) == "unreadable"


def test_what_is_packed_and_harmless_is_taken():
    for data in (
        a_file(),
        a_file((5, packed((4, HARMLESS)))),
        # An older state of an object, as programs leave behind that save what changed.
        a_file(unlisted=b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n"),
        # Letters of a page that look like the beginning of an object.
        a_file((5, b"<</Length 17>>stream\n(see 7 0 obj ]]) \nendstream")),
    ):
        assert check_upload("a.pdf", PDF, data).kind == "pdf"
