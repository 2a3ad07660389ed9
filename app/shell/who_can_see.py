"""What parents read under *Who can see this?*, worked out from the file that the database's rights are held to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

import tenants

FILE = Path(tenants.__file__).with_name("who_sees_what.toml")

#: Column -> the database roles of the people in it.
AUDIENCES: Mapping[str, tuple[str, ...]] = {
    "school": ("wb_school",),
    "dsl": ("wb_school", "wb_dsl"),
    "head": ("wb_head",),
    "office": ("wb_office",),
    "facilitators": ("wb_facilitator",),
    "group": ("wb_parent",),
    "council": ("wb_authority",),
    "commissioners": ("wb_commissioner",),
}
#: The widest first. Rows of one's own are nothing that others see.
WIDEST = ("yes", "if you agreed", "own group")


@dataclass(frozen=True, slots=True)
class Answer:
    """May this audience see this thing: `yes`, `if you agreed`, `own group`, `totals`, `pooled` or `no`; and a note.

    `told`: the service keeps nothing of it, and the note alone says what happens.
    """

    audience: str
    answer: str
    note: str

    @property
    def label(self) -> str:
        return {
            "yes": _("Yes."),
            "if you agreed": _("If you agreed."),
            "own group": _("Your group’s only."),
            "totals": _("Totals only."),
            "pooled": _("Pooled."),
            "no": _("No."),
            "told": "",
        }[self.answer]

    @property
    def words(self) -> str:
        return f"{self.label} {_(self.note)}".strip() if self.note else self.label


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def list_things() -> Sequence[tuple[str, Sequence[Answer]]]:
    """Each thing in parents' words with an answer for each audience, in the order of the page."""
    things = []
    for thing in _file()["thing"]:
        notes = thing.get("notes", {})
        answers = [
            Answer(name, _answer(thing, roles, notes.get(name, "")), notes.get(name, ""))
            for name, roles in AUDIENCES.items()
        ]
        things.append((thing["words"], answers))
    return things


def seen_by(words: str, names: Mapping[str, str]) -> list[dict[str, str]]:
    """The same for one thing, as rows of the panel beside the question; audiences with one answer share a row.

    `names`: column -> what its people are called to this reader. Raises KeyError for a thing that the file has not.
    """
    together: dict[tuple[str, str], list[str]] = {}
    for found in dict(list_things())[words]:
        together.setdefault((found.answer, found.note), []).append(names[found.audience])
    rows = [{"who": _("You"), "answer": "yes", "note": " " + _("Any time.")}]
    for (answer, note), who in together.items():
        says = {
            "yes": _("yes"),
            "if you agreed": _("if you agreed"),
            "own group": _("your group’s only"),
            "totals": _("totals only"),
            "pooled": _("never yours"),
            "no": _("no"),
            "told": "",
        }[answer]
        if answer == "pooled":
            note = _("Only averages from many parents in many schools, and only if you agreed.")
        shown = answer if answer in ("yes", "no") else "some"
        joined = ", ".join(who)
        name = joined[:1].upper() + joined[1:]
        rows.append({"who": name, "answer": shown, "says": says, "note": f" {_(note)}" if note else ""})
    return rows


def is_only_mine(words: str) -> bool:
    """Does nobody else read this thing of a parent's, but as part of sums?"""
    return all(found.answer in ("no", "pooled", "totals") for found in dict(list_things())[words])


def _answer(thing: Mapping[str, Any], roles: Sequence[str], note: str) -> str:
    if note and not thing["kept_in"]:
        return "told"
    file = _file()
    seen = set()
    for table in thing["kept_in"]:
        for role in roles:
            rows = file["table"][table].get(role, {}).get("select")
            if rows is not None:
                seen.add(file["rows"].get(rows, {"answer": "yes"})["answer"])
    for answer in WIDEST:
        if answer in seen:
            return answer
    if thing.get("pooled"):
        return "pooled"
    for source in thing.get("counted_in", ()):
        allowed = file["function"].get(source) or [
            role
            for role, verbs in file["table"].get(source, {}).items()
            if role != "holds" and "select" in verbs
        ]
        if set(roles) & set(allowed):
            return "totals"
    return "no"
