"""A PDF that unpacks without end is refused before anybody's viewer has to."""

from __future__ import annotations

import base64
import random
import time
import zlib
from functools import cache

import pytest
from pypdf._codecs._codecs import LzwCodec
from pypdf.generic import NameObject, StreamObject

from app.documents import unpacking
from app.documents.checks import check_upload
from app.documents.unpacking import Measure
from tests.unit.documents.files import PDF, refusal
from tests.unit.documents.test_pdf_hidden import a_file

NOTHING = bytes(1_000_000)


@cache
def squeezed(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(NOTHING) for _ in range(megabytes)) + packer.flush()


def stream(data: bytes, *names: str, more: bytes = b"") -> bytes:
    listed = b" ".join(b"/" + name.encode() for name in names)
    return b"<</Length %d/Filter[%s]%s>>stream\n%s\nendstream" % (len(data), listed, more, data)


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (squeezed(30), ["FlateDecode"]),
        (zlib.compress(squeezed(90)), ["FlateDecode", "FlateDecode"]),
        (zlib.compress(squeezed(30)), ["Fl", "Fl"]),
        (zlib.compress(squeezed(30)).hex().encode() + b">", ["ASCIIHexDecode", "FlateDecode", "FlateDecode"]),
        (zlib.compress(b"\x81\x00" * 200_000), ["FlateDecode", "RunLengthDecode"]),
        (squeezed(30)[2:], ["FlateDecode"]),
        (b"x", ["FlateDecode"] * 5),
    ],
)  # fmt: skip
def test_a_stream_that_becomes_too_much_is_refused_in_words(monkeypatch, data, names):
    """Given a small file whose page becomes too much, then it is refused, whatever it was packed with."""
    monkeypatch.setattr(unpacking, "MOST", 20_000_000)
    assert refusal("a.pdf", PDF, a_file((4, stream(data, *names)))) == "unpacks"


def test_nine_hundred_megabytes_in_a_few_thousand_bytes_keep_nobody_waiting():
    page = a_file((4, stream(zlib.compress(squeezed(900)), "FlateDecode", "FlateDecode")))
    began = time.process_time()
    assert refusal("a.pdf", PDF, page) == "unpacks"
    assert time.process_time() - began < 2


def test_many_streams_together_count_as_well(monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_TOGETHER", 60_000_000)
    data = squeezed(30)
    more = [(number, stream(data, "FlateDecode")) for number in range(4, 7)]
    assert refusal("a.pdf", PDF, a_file(*more)) == "unpacks"


def test_a_picture_of_endless_points_is_refused():
    picture = stream(b"x", "DCTDecode", more=b"/Subtype/Image/Width 100000/Height 100000")
    assert refusal("a.pdf", PDF, a_file((4, picture))) == "unpacks"


def test_an_honest_file_of_ten_megabytes_is_looked_at_in_time():
    """Given a scan of many pages that are kept without loss, then it is taken, and nobody waits long."""
    scan = [(number, stream(squeezed(25), "FlateDecode")) for number in range(4, 24)]
    noise = zlib.compress(random.Random(1).randbytes(7_000_000), 1)
    page = a_file(*scan, (24, stream(noise, "FlateDecode")))
    began = time.process_time()
    assert check_upload("a.pdf", PDF, page).size
    assert time.process_time() - began < 2.5


@pytest.mark.parametrize("size", [0, 1, 4, 300, 70_000])
@pytest.mark.parametrize(
    "name", ["FlateDecode", "LZWDecode", "ASCIIHexDecode", "ASCII85Decode", "RunLengthDecode"]
)
def test_each_filter_finds_what_was_packed(name, size):
    """Else too little would be counted."""
    words = (b"We meet on Tuesdays. " * (size // 20 + 1))[:size]
    packed = StreamObject()
    packed._data = PACK[name](words)
    packed[NameObject("/Filter")] = NameObject(f"/{name}")
    measure = Measure()
    measure.add(packed)
    assert measure.together == size


def run_lengths(words: bytes) -> bytes:
    return b"".join(b"\x00" + words[place : place + 1] for place in range(len(words))) + b"\x80"


PACK = {
    "FlateDecode": zlib.compress,
    "ASCIIHexDecode": lambda words: words.hex().encode() + b">",
    "ASCII85Decode": lambda words: base64.a85encode(words) + b"~>",
    "RunLengthDecode": run_lengths,
    "LZWDecode": lambda words: LzwCodec().encode(words),
}
