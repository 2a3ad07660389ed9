"""Where a request ends, as far as its bytes say so before anybody reads it. The worker's parser has the last word."""

from __future__ import annotations

import re

FIRST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20} \S+ HTTP/1\.[01]")
#: The longest line that is waited for.
LINE_BYTES = 8192


class Chunks:
    """Follows a body in chunks to its end."""

    def __init__(self) -> None:
        self._rest, self._skip, self._last = b"", 0, False

    def end_with(self, data: bytes) -> bool:
        """Whether the body is complete with `data`. Raises ValueError for what is no body in chunks."""
        data = self._rest + data
        while True:
            if self._skip:
                taken = min(self._skip, len(data))
                self._skip, data = self._skip - taken, data[taken:]
            line, found, rest = data.partition(b"\r\n")
            if not found:
                if len(data) > LINE_BYTES:
                    raise ValueError("a line without end")
                self._rest = data
                return False
            data = rest
            if self._last:
                if not line:
                    return True
                continue
            size = int(line.partition(b";")[0].strip() or b"x", 16)
            if size < 0:
                raise ValueError("less than nothing")
            self._last, self._skip = size == 0, size + 2 if size else 0


def framing(head: bytes) -> tuple[int, bool, bool]:
    """How long the body is, whether it comes in chunks, and whether its sender waits for a word of ours.

    What is contradictory or strange has no body here: the worker's parser refuses it.
    """
    lengths, codings, is_expected = [], [], False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        value = value.strip(b" \t").lower()
        match name.lower():
            case b"content-length":
                lengths.append(value)
            case b"transfer-encoding":
                codings.append(value)
            case b"expect":
                is_expected = value == b"100-continue"
    if codings:
        return 0, codings == [b"chunked"] and not lengths, is_expected
    if len(lengths) != 1 or not (lengths[0].isdigit() and len(lengths[0]) < 16):
        return 0, False, is_expected
    return int(lengths[0]), False, is_expected
