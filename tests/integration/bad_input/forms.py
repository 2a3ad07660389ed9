"""The forms of a page, as a browser would send them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import html5lib

from infra.clock import today

CONTROLS = ("input", "textarea", "select", "button")
DATE_PARTS = ("day", "month", "year")
TYPED = {"text", "email", "tel", "search", "number", "url"}


@dataclass(frozen=True)
class Field:
    """One control: its name, its kind (`hidden`, `file`, `choice` or an input's type), what it holds, its choices."""

    name: str
    kind: str
    value: str = ""
    choices: tuple[str, ...] = ()
    part: str = ""
    is_number: bool = False
    is_code: bool = False

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED or self.kind == "textarea"


@dataclass
class PageForm:
    """One form: where it goes and its controls in order."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    @property
    def shape(self) -> tuple[str, ...]:
        return tuple(sorted({one.name for one in self.fields}))

    def filled(self, typed: Callable[[Field], str] | None = None, **values: object) -> dict[str, object]:
        """What is sent when the first choice is taken, `typed` says what to type, and `values` go over that."""
        sent: dict[str, object] = {}
        for one in self.fields:
            if one.name in values or one.kind == "file":
                continue
            if one.kind in ("hidden", "submit"):
                sent.setdefault(one.name, one.value)
            elif one.kind == "choice":
                sent[one.name] = next((choice for choice in one.choices if choice), "")
            elif one.name in sent:
                sent[one.name] = [*_as_list(sent[one.name]), typed(one) if typed else likely(one)]
            else:
                sent[one.name] = typed(one) if typed else likely(one)
        return sent | values


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def likely(one: Field) -> str:
    """What a person could mean to type here."""
    day = today() + timedelta(days=60)
    name = one.name.rsplit("-", 1)[-1]
    if one.kind == "email" or "email" in name:
        return "someone.new@example.org"
    if one.kind == "tel" or "phone" in name:
        return "07700 900987"
    if one.part:
        return str(getattr(day, one.part))
    if one.is_number:
        return "8"
    if "time" in name or "starts_at" in name:
        return "6pm"
    return one.value or "Some words"


def forms_of(page: str, address: str) -> list[PageForm]:
    """Every form of `page`, which was read at `address`."""
    found = []
    for piece in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        element = html5lib.parseFragment(piece, namespaceHTMLElements=False).find("form")
        if (element.get("method") or "").lower() == "dialog":
            continue  # Closes the dialog that it stands in, and sends nothing.
        form = PageForm(
            (element.get("action") or address).split("#")[0], (element.get("method") or "get").lower()
        )
        choices: dict[str, list[str]] = {}
        for control in element.iter():
            name = control.get("name")
            if control.tag not in CONTROLS or name is None or name == "csrf_token":
                continue
            kind = control.get("type", "text") if control.tag in ("input", "button") else control.tag
            if kind in ("radio", "checkbox"):
                choices.setdefault(name, []).append(control.get("value", ""))
            elif control.tag == "select":
                choices.setdefault(name, []).extend(
                    option.get("value", "") for option in control.iter("option")
                )
            else:
                held = control.text if control.tag == "textarea" else control.get("value", "")
                form.fields.append(
                    Field(
                        name,
                        kind,
                        (held or "").removeprefix("\n"),
                        part=part
                        if (part := (control.get("id") or "").rsplit("-", 1)[-1]) in DATE_PARTS
                        else "",
                        is_number=control.get("inputmode") == "numeric",
                        is_code=control.get("autocomplete") == "one-time-code",
                    )
                )
        form.fields += [Field(name, "choice", "", tuple(values)) for name, values in choices.items()]
        found.append(form)
    return found
