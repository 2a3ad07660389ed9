"""Tell a PDF that was only saved again from one that somebody wrote on.

Programs that save a PDF again change its bytes and leave alone what its pages draw. A signature changes that: typed,
drawn or stamped it is on the page or an annotation, and a scan is another picture altogether.
"""

import hashlib
from io import BytesIO

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

#: Papers that we make and that come back signed.
COME_BACK = ("agreement", "project_brief")


def digest_pages(data: bytes) -> str:
    """SHA-256 (hexadecimal) of all that the pages of this PDF draw. Raises what a parser raises for a broken file."""
    digest = hashlib.sha256()
    for page in PdfReader(BytesIO(data), strict=False).pages:
        contents = page.get_contents()
        drawn = contents.get_data() if contents is not None else b""
        # Pieces are put together with other spaces by other programs.
        digest.update(b" ".join(drawn.split()) + b"\x00" + ",".join(_list_written(page)).encode() + b"\x00")
    return digest.hexdigest()


def _list_written(page: PageObject) -> list[str]:
    """What stands on the page beside what it draws: notes, ink, stamps, filled fields; links are part of a paper."""
    notes = page.get("/Annots")
    notes = notes.get_object() if notes is not None else None
    kinds = []
    for note in notes if isinstance(notes, ArrayObject) else ():
        note = note.get_object()
        if isinstance(note, DictionaryObject) and (kind := str(note.get("/Subtype"))) != "/Link":
            kinds.append(kind)
    return sorted(kinds)
