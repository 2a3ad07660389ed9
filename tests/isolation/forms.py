"""Reads the forms and the links of a page, as a browser would, and fills them in."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = None
            if given.get("method", "get").lower() == "post":
                self._form = Form(given.get("action") or self.address)
                self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self._form, given.get("name", "")
        assert form is not None
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            form.fields[self._select] = [given["value"]]
        elif tag == "textarea" and name:
            form.fields[name] = ["Some words"]
        elif tag == "input" and name and given.get("type") != "file":
            self._input(form, name, given)

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind == "checkbox":
            form.fields.setdefault(name, []).append(given.get("value", "y"))
        elif kind == "radio":
            form.fields.setdefault(name, [given.get("value", "y")])
        else:
            form.fields[name] = [given.get("value") or {"email": "a@example.org"}.get(kind, "1")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def read_page(page: str, address: str) -> tuple[list[Form], list[str]]:
    """The forms that post, each field filled in with what its page offers, and the addresses of the links."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.forms, reader.links
