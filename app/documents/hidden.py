"""Objects of a PDF that its own list does not name, or names elsewhere.

A reader that finds the list broken looks through the bytes and makes a list of its own. So an object counts wherever
it stands: in the bytes, and packed into a stream of objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import StreamObject, read_object

#: Of one file, beside those in its list.
MAX_BESIDE = 50_000

_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})\s+(\d{1,5})\s+obj(?![A-Za-z0-9])\s*")


def list_beside(reader: PdfReader, data: bytes) -> list[object]:
    """Objects that stand in the bytes and not where the list says, after what pypdf mended of it. ValueError where the
    list still leads to none."""
    listed = set(_list_places(reader, data))
    beside = [found.end() for found in _OBJECT.finditer(data) if found.start() not in listed]
    if len(beside) > MAX_BESIDE:
        raise ValueError("too many objects")
    return [item for place in beside if (item := _read(data, place, reader)) is not None]


def unpack(packed: StreamObject, reader: PdfReader) -> Iterator[object]:
    """What a stream of objects holds; nothing for any other stream. ValueError for one that cannot be unpacked."""
    if packed.get("/Type") != "/ObjStm":
        return
    data, first = packed.get_data(), int(str(packed["/First"]))
    head = [int(number) for number in data[:first].split()]
    if len(head) > 2 * MAX_BESIDE:
        raise ValueError("too many objects")
    for place in head[1::2]:
        stream = BytesIO(data)
        stream.seek(first + place)
        yield read_object(stream, reader)


def _list_places(reader: PdfReader, data: bytes) -> Iterator[int]:
    """Where the list says that objects begin. ValueError for a place where another one, or none, does."""
    for generation, table in reader.xref.items():
        free = reader.xref_free_entry.get(generation, {})
        for number, place in table.items():
            if (
                free.get(number) or not place
            ):  # some programs write an empty line for a number that they left out
                continue
            begun = re.compile(rb"\s*").match(data, place)
            found = _OBJECT.match(data, begun.end() if begun else place)
            if found is None or (int(found[1]), int(found[2])) != (number, generation):
                raise ValueError("an object that is not where the list says")
            yield found.start()


def _read(data: bytes, place: int, reader: PdfReader) -> object:
    """The object that begins there; None for what only looks like one, as a piece of a picture may."""
    stream = BytesIO(data)
    stream.seek(place)
    try:
        return read_object(stream, reader)
    except Exception:  # a parser of hostile files fails in many ways
        if b"ObjStm" in data[place : place + 2000]:
            raise
        return None
