"""Check a drawing (SVG) inside a Word file: it shows what it holds, fetches nothing and does not move or act."""

import re
from collections.abc import Mapping

from app.documents.addresses import begins_with_scheme, holds_address, may_be_pressed
from app.documents.wordfields import LeadsOutside

_XLINK = "http://www.w3.org/1999/xlink"
#: What these hold about a drawing's origin is read by nobody who shows it.
_ORIGINS = ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://creativecommons.org/ns#")
# A moving drawing sets its own attributes later, to what was never looked at.
_ACTS = {
    "script", "foreignobject", "iframe", "embed", "object", "handler", "listener", "set", "animate", "animatecolor",
    "animatemotion", "animatetransform", "discard", "audio", "video", "canvas", "html", "link", "meta", "body",
}  # fmt: skip
_IN_PICTURE = re.compile(r"(?i)\s*data:image/(png|jpe?g);base64,[a-z0-9+/=\s]*$")
_STYLE_FETCH = re.compile(r"(?i)url\s*\(\s*[\"']?(?!#)|@import|image-set|\\|[\"'(]\s*//|://")


class Drawing:
    """Looks at each element of a drawing, then at the text of its styles."""

    def element(self, _namespace: str, name: str, attributes: Mapping[tuple[str, str], str]) -> bool:
        """Raise LeadsOutside unless this element stays inside; whether its text has to be looked at too."""
        if name in _ACTS:
            raise LeadsOutside
        for (namespace, attribute), value in attributes.items():
            self._attribute(namespace, name, attribute, value)
        return name == "style"

    def words(self, name: str, text: str) -> None:
        if name == "style" and _STYLE_FETCH.search(text):
            raise LeadsOutside

    def _attribute(self, namespace: str, element: str, name: str, value: str) -> None:
        if name.startswith("on") and not namespace:
            raise LeadsOutside
        if name == "href" and namespace in ("", _XLINK):
            is_place = value.strip().startswith("#")
            is_pressed = element == "a" and may_be_pressed(value)
            is_held = element in {"image", "feimage"} and bool(_IN_PICTURE.match(value))
            if not (is_place or is_pressed or is_held):
                raise LeadsOutside
        elif namespace in _ORIGINS or (namespace == _XLINK and name in {"role", "title"}):
            return
        elif name == "style" or "(" in value:
            if _STYLE_FETCH.search(value):
                raise LeadsOutside
        elif holds_address(value) or (begins_with_scheme(value) and name in {"src", "base", "to", "from"}):
            raise LeadsOutside
