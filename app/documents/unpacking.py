"""How much a PDF becomes when whoever opens it unpacks it: a few thousand bytes can hold hours of a viewer's work.

Each stream goes once through the filters that its own words name, piece by piece, so that no more of it is kept than
one piece. Pictures that are packed as pictures (JPEG, fax) are measured by the points that they say they have.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator
from itertools import chain

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject, StreamObject

#: Bytes of one stream, and of all of one file: a page in colour at 600 points an inch has 105 million, and forty pages
#: in colour at 300, scanned and kept without loss, have a thousand.
MOST, MOST_TOGETHER = 250_000_000, 1_200_000_000
#: Points of one picture.
MOST_POINTS = 250_000_000
#: Filters one after another; programs write one or two.
MOST_FILTERS = 4
#: Bytes at once.
_PIECE = 1 << 18
_BLANK = b" \t\r\n\f\0"

Pieces = Iterator[bytes]


class TooMuch(ValueError):
    """It unpacks to more than anybody can look at."""


class Measure:
    """Adds up what the streams of one file become."""

    def __init__(self) -> None:
        self.together = 0

    def add(self, packed: StreamObject) -> None:
        """Unpack one stream and count. Raises TooMuch."""
        filters = _filters(packed)
        if len(filters) > MOST_FILTERS or _points(packed) > MOST_POINTS:
            raise TooMuch
        pieces: Pieces = iter([packed._data])
        for name, settings in filters:
            if name not in _UNPACK:
                break  # a picture's own, or none that anybody knows
            pieces = _counted(_UNPACK[name](pieces, settings))
        for piece in pieces:
            self.together += len(piece)
            if self.together > MOST_TOGETHER:
                raise TooMuch


def _counted(pieces: Pieces) -> Pieces:
    """The same, as long as it is not too much."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST:
            raise TooMuch
        yield piece


def _filters(packed: StreamObject) -> list[tuple[str, DictionaryObject]]:
    names, settings = _listed(packed, "/Filter"), _listed(packed, "/DecodeParms")
    settings += [None] * (len(names) - len(settings))
    return [
        (str(name), one if isinstance(one, DictionaryObject) else DictionaryObject())
        for name, one in zip(names, settings, strict=False)
    ]


def _listed(packed: StreamObject, key: str) -> list[object]:
    if key not in packed:
        return []
    value = packed[key]
    if not isinstance(value, ArrayObject):
        return [value]
    return [one.get_object() if isinstance(one, IndirectObject) else one for one in list.__iter__(value)]


def _points(packed: StreamObject) -> int:
    return _number(packed, "/Width") * _number(packed, "/Height")


def _number(packed: StreamObject, key: str) -> int:
    if key not in packed:
        return 0
    value = packed[key]  # .get would not follow a reference
    return int(value) if isinstance(value, NumberObject) else 0


def _flate(pieces: Pieces, _settings: DictionaryObject) -> Pieces:
    first = next(pieces, b"")
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(first, 1)
        unpacker = zlib.decompressobj()
    except zlib.error:
        unpacker = zlib.decompressobj(
            -zlib.MAX_WBITS
        )  # its first two bytes are lost: readers take that as well
    for piece in chain([first], pieces):
        rest = piece
        while not unpacker.eof:
            try:
                found = unpacker.decompress(rest, _PIECE)
            except zlib.error:
                return  # what came before is what a reader shows
            rest = unpacker.unconsumed_tail
            if not found:
                break
            yield found


def _hex(pieces: Pieces, _settings: DictionaryObject) -> Pieces:
    left = b""
    for piece in pieces:
        digits, end, _behind = (left + piece.translate(None, _BLANK)).partition(b">")
        if end and len(digits) % 2:
            digits += b"0"
        whole = len(digits) // 2 * 2
        left = digits[whole:]
        try:
            yield bytes.fromhex(digits[:whole].decode("latin-1"))
        except ValueError:
            return
        if end:
            return


def _ascii85(pieces: Pieces, _settings: DictionaryObject) -> Pieces:
    left = b""
    for piece in pieces:
        letters, end, _behind = (left + piece.translate(None, _BLANK)).partition(b"~")
        letters = letters.replace(b"z", b"!!!!!")
        whole = len(letters) if end else len(letters) // 5 * 5
        left = letters[whole:]
        try:
            yield base64.a85decode(letters[:whole])
        except ValueError:
            return
        if end:
            return


def _run_lengths(pieces: Pieces, _settings: DictionaryObject) -> Pieces:
    data, place, found = b"".join(pieces), 0, bytearray()
    while place < len(data) and (length := data[place]) != 128:
        if length < 128:
            found += data[place + 1 : place + 2 + length]
            place += 2 + length
        else:
            found += data[place + 1 : place + 2] * (257 - length)
            place += 2
        if len(found) > _PIECE:
            yield bytes(found)
            found.clear()
    yield bytes(found)


def _lzw(pieces: Pieces, settings: DictionaryObject) -> Pieces:
    clear, end = 256, 257
    early = 0 if settings.get("/EarlyChange") == 0 else 1
    first = [bytes([one]) for one in range(256)] + [b"", b""]
    table, width, bits, count, before = first[:], 9, 0, 0, b""
    found = bytearray()
    for piece in pieces:
        for byte in piece:
            bits, count = (bits << 8 | byte) & 0xFFFFFF, count + 8
            if count < width:
                continue
            count -= width
            code = bits >> count & (1 << width) - 1
            if code == end:
                yield bytes(found)
                return
            if code == clear:
                table, width, before = first[:], 9, b""
                continue
            if code > len(table) or (code == len(table) and not before):
                yield bytes(found)
                return  # broken: a reader stops here
            words = table[code] if code < len(table) else before + before[:1]
            found += words
            if before and len(table) < 4096:
                table.append(before + words[:1])
                if len(table) + early >= 1 << width and width < 12:
                    width += 1
            before = words
            if len(found) > _PIECE:
                yield bytes(found)
                found.clear()
    yield bytes(found)


def _as_it_is(pieces: Pieces, _settings: DictionaryObject) -> Pieces:
    return pieces


#: By the names of a PDF, long and short.
_UNPACK: dict[str, Callable[[Pieces, DictionaryObject], Pieces]] = {
    "/FlateDecode": _flate,
    "/Fl": _flate,
    "/LZWDecode": _lzw,
    "/LZW": _lzw,
    "/ASCIIHexDecode": _hex,
    "/AHx": _hex,
    "/ASCII85Decode": _ascii85,
    "/A85": _ascii85,
    "/RunLengthDecode": _run_lengths,
    "/RL": _run_lengths,
    "/Crypt": _as_it_is,
}
