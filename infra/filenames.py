"""Names of files as they are downloaded: safe on any system, in any script."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

LONGEST_FILENAME = 150  # characters; most file systems stop at 255 bytes
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, direction, private, line ends


def safe_filename(filename: str) -> str:
    """`filename` as a plain name that any system can save: letters kept, tricks taken out, never empty.

    Line breaks, control and direction-changing characters, path separators, characters that shells and
    Windows keep for themselves, leading and trailing dots all go; a long name keeps its ending.
    """
    name = "".join(
        " " if unicodedata.category(c) in _UNSEEN or c in '/\\:*?"<>|;' else c
        for c in unicodedata.normalize("NFC", filename)
    )
    name = " ".join(name.split()).strip(". ")
    if len(name) > LONGEST_FILENAME:
        stem, dot, suffix = name.rpartition(".")
        keep = LONGEST_FILENAME - len(suffix) - 1
        name = f"{stem[:keep].rstrip()}.{suffix}" if dot and keep > 0 else name[:LONGEST_FILENAME]
    return name or "document"


def attachment_disposition(filename: str) -> str:
    """A Content-Disposition that saves under a safe form of `filename` (RFC 6266, RFC 5987).

    The letters stand in ``filename*``; a plain ASCII twin serves old browsers.
    """
    name = safe_filename(filename)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace("%", "_").strip()
    return f"attachment; filename=\"{plain or 'document'}\"; filename*=UTF-8''{quote(name, safe='')}"
