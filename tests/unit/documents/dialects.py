"""The names of the dialects that a Word file is written in."""

import re

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DIALECTS = {
    "w": W,
    "q": W,
    "r": RELS,
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wp15": "http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing",
    "sl": "http://schemas.openxmlformats.org/schemaLibrary/2006/main",
    "xlink": "http://www.w3.org/1999/xlink",
}


def with_dialects(xml: str) -> str:
    """The same XML, its first element declaring each prefix that it uses."""
    used = [key for key in DIALECTS if f"{key}:" in xml and f"xmlns:{key}=" not in xml]
    declared = "".join(f' xmlns:{key}="{DIALECTS[key]}"' for key in used)
    return re.sub(r"<([a-zA-Z][\w:]*)", lambda found: found[0] + declared, xml, count=1)
