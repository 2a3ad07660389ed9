"""What we hold of somebody, in the words of a page: parts with a heading, each a list of names and values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.cohorts.topics import TOPICS
from app.facilitators.forms import QUESTIONS
from app.facilitators.stages import STAGES as LEADING_STAGES
from app.measures.instruments import get_instrument
from app.privacy.queries import Held, Row
from app.recruitment.consents import CHOICES, LANGUAGES
from app.recruitment.wishes import DAYS, FORMATS, NEEDS, TIMES
from app.shell.dates import clock, day
from app.shell.kept import kept, phone
from app.shell.parsing import full_name

Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of the page and what stands under it; no lines: we hold nothing of that kind."""

    key: str
    title: str
    lines: Sequence[Line]


def parts_of(held: Held) -> list[Part]:
    """The parts of the page in their order."""
    return [
        Part(key, str(TITLES[key]), [line for line in LINES[key](rows) if line["value"]])
        for key, rows in held.items()
    ]


TITLES = {
    "contact": _l("How to reach you"),
    "taking_part": _l("Where you are with the group"),
    "steps": _l("What happened when"),
    "wishes": _l("What suits you"),
    "calendar_link": _l("The link that your calendar reads"),
    "choices": _l("Your choices now"),
    "earlier_choices": _l("Each time you chose"),
    "groups": _l("Your groups"),
    "places_offered": _l("Places we offered you"),
    "attendance": _l("Sessions you came to"),
    "told_us_cannot_come": _l("Sessions you told us you can’t come to"),
    "topic_votes": _l("Topics you voted for"),
    "answers": _l("Your answers to the questions"),
    "unsent_offer": _l("An offer to help lead that you have not sent"),
    "offers_to_lead": _l("Your offer to help lead"),
    "papers": _l("Papers made for you"),
    "concerns_raised": _l("Concerns that you raised"),
    "about_you": _l("About you"),
    "application": _l("Your application"),
    "training": _l("Your training"),
    "groups_led": _l("Groups you lead or led"),
    "looked_back": _l("What you ticked after sessions"),
}


#: Stages as the person reads them whom they are about; staff read others.
STEPS = {
    "identified": _l("The school thought of you"),
    "invited": _l("Invited"),
    "interested": _l("You wanted to know more"),
    "joined": _l("You joined"),
    "waiting": _l("On the waiting list"),
    "in_group": _l("You have a place in a group"),
    "graduated": _l("You finished a group"),
    "said_no": _l("You said no"),
    "left": _l("You left"),
}


def _line(key: Any, value: Any) -> Line:
    return {"key": str(key), "value": "" if value is None else str(value)}


def _when(moment: Any) -> str:
    return f"{day(moment)}, {clock(moment)}" if moment else ""


def _yes(value: bool) -> str:
    return _("Yes") if value else _("No")


def _stage(code: str | None) -> str:
    return str(STEPS.get(code or "", code or ""))


def _choice(kind: str) -> str:
    return str(CHOICES[kind].question) if kind in CHOICES else kind


def _contact(rows: Sequence[Row]) -> list[Line]:
    return [
        line
        for row in rows
        for line in (
            _line(_("Name"), kept(full_name(row["first_name"], row["last_name"]))),
            _line(_("What people call you"), row["known_as"]),
            _line(_("Email"), kept(row["email"])),
            _line(_("Phone"), phone(row["phone"])),
            _line(_("Language"), LANGUAGES.get(row["language"], row["language"])),
            _line(_("Needs an interpreter"), _yes(row["interpreter"])),
            _line(_("Access needs"), row["access_needs"]),
            _line(_("You stopped texts"), _when(row["texts_stopped_at"])),
            _line(_("You stopped emails"), _when(row["emails_stopped_at"])),
        )
    ]


def _taking_part(rows: Sequence[Row]) -> list[Line]:
    return [
        line
        for row in rows
        for line in (
            _line(_("Now"), _stage(row["stage"])),
            _line(_("Since"), _when(row["stage_changed_at"])),
            _line(_("We first noted your name"), _when(row["created_at"])),
            _line(_("We invited you"), _when(row["invited_at"])),
            _line(_("You said yes to the school, to be confirmed"), _when(row["said_yes_at"])),
            _line(_("You joined"), _when(row["joined_at"])),
            _line(_("On the waiting list since"), _when(row["waiting_since"])),
            _line(_("We do not ask you again before"), day(row["do_not_ask_until"])),
        )
    ]


def _steps(rows: Sequence[Row]) -> list[Line]:
    by = {"school": _("noted by the school"), "facilitator": _("noted by a facilitator")}
    return [
        _line(
            _when(row["at"]),
            ", ".join(
                part for part in (_stage(row["to_stage"]), by.get(row["by_side"], ""), row["reason"]) if part
            ),
        )
        for row in rows
    ]


def _wishes(rows: Sequence[Row]) -> list[Line]:
    return [
        line
        for row in rows
        for line in (
            _line(_("Days"), _chosen_of(DAYS, row["days"]) or _("Any day")),
            _line(_("Times"), _chosen_of(TIMES, row["times"]) or _("Any time")),
            _line(_("How to meet"), _chosen_of(FORMATS, [row["format"]])),
            _line(_("What you need to come"), _chosen_of(NEEDS, row["needs"])),
            _line(_("Noted by the school"), row["by_name"]),
            _line(_("Last changed"), _when(row["changed_at"])),
        )
    ]


def _chosen_of(words: Mapping[Any, object], chosen: Sequence[str]) -> str:
    return ", ".join(str(said) for code, said in words.items() if code in chosen)


def _choices(rows: Sequence[Row]) -> list[Line]:
    return [_line(_choice(row["kind"]), f"{_yes(row['given'])}, {_when(row['changed_at'])}") for row in rows]


def _earlier_choices(rows: Sequence[Row]) -> list[Line]:
    return [_line(_when(row["at"]), _chosen(row)) for row in rows]


def _chosen(row: Row) -> str:
    """One answer, and who wrote it down where it was not their own press."""
    question = _choice(row["kind"])
    answer = f"{question} {_yes(row['given'])}"
    if row["how"] == "noted":
        return _("%(answer)s. The school noted this.", answer=answer)
    if row["how"] == "own":
        return answer
    if row["given"]:
        return _("%(answer)s, as before. The school took back what it had noted by mistake.", answer=answer)
    return _(
        "%(question)s Not answered. The school took back what it had noted by mistake.", question=question
    )


def _groups(rows: Sequence[Row]) -> list[Line]:
    words = {"in_group": _("You have a place"), "left": _("You left"), "finished": _("You finished it")}
    return [
        _line(
            row["name"] or (_("A group that you left") if row["status"] == "left" else _("Your group")),
            ", ".join(
                part
                for part in (
                    words[row["status"]],
                    day(row["left_at"] or row["joined_at"]),
                    row["left_reason"],
                )
                if part
            ),
        )
        for row in rows
    ]


def _places_offered(rows: Sequence[Row]) -> list[Line]:
    words = {
        "open": _("You have not answered yet"),
        "taken": _("You took it"),
        "declined": _("You said no thank you"),
        "lapsed": _("Not answered in time"),
        "withdrawn": _("Not kept any more"),
    }
    return [
        _line(
            _when(row["offered_at"]),
            _("%(what)s. Kept until %(day)s.", what=words[row["state"]], day=day(row["answer_by"])),
        )
        for row in rows
    ]


def _session(row: Row) -> str:
    return (
        _("Session %(n)s, %(day)s", n=row["number"], day=day(row["on_date"]))
        if row["number"]
        else _("A session")
    )


def _attendance(rows: Sequence[Row]) -> list[Line]:
    words = {
        "present": _("You were here"),
        "late": _("You were here, and came late"),
        "left_early": _("You were here, and left early"),
        "absent": _("You were away"),
        "apology": _("You told us you can’t come"),
    }
    return [_line(_session(row), words[row["mark"]]) for row in rows]


def _absences(rows: Sequence[Row]) -> list[Line]:
    return [_line(_session(row), _("You told us on %(day)s", day=day(row["at"]))) for row in rows]


def _votes(rows: Sequence[Row]) -> list[Line]:
    return [
        _line(TOPICS[row["topic"]].title if row["topic"] in TOPICS else row["topic"], _when(row["at"]))
        for row in rows
    ]


def _answers(rows: Sequence[Row]) -> list[Line]:
    lines = []
    for row in rows:
        asked = _("Before the group") if row["occasion"] == "before" else _("After the group")
        lines.append(_line(asked, _when(row["submitted_at"] or row["updated_at"])))
        items = get_instrument(row["instrument"], row["instrument_version"]).items
        for item, value in zip(items, row["items"], strict=False):
            lines.append(_line(_(item.text), _("Left out") if value is None else _("%(n)s of 10", n=value)))
    return lines


def _told(answers: Mapping[str, Any] | None) -> list[Line]:
    lines = []
    for key, value in (answers or {}).items():
        if key == "referees":
            value = "; ".join(", ".join(str(part) for part in person.values() if part) for person in value)
        lines.append(_line(QUESTIONS.get(key, key), value))
    return lines


def _offers(rows: Sequence[Row]) -> list[Line]:
    return [line for row in rows for line in (*_about_you([row]), *_told(row["answers"]))]


def _about_you(rows: Sequence[Row]) -> list[Line]:
    return [
        line
        for row in rows
        for line in (
            _line(_("Name"), kept(row["name"])),
            _line(_("Email"), kept(row["email"])),
            _line(_("Phone"), phone(row["phone"])),
            _line(_("Where you are"), LEADING_STAGES[row["stage"]].label),
            _line(_("Since"), _when(row["stage_changed_at"])),
        )
    ]


def _application(rows: Sequence[Row]) -> list[Line]:
    return [
        line
        for row in rows
        for line in (_line(_("Sent"), _when(row["submitted_at"])), *_told(row["answers"]))
    ]


def _unsent(rows: Sequence[Row]) -> list[Line]:
    return [
        line
        for row in rows
        for line in (_line(_("Last written"), _when(row["saved_at"])), *_told(row["answers"]))
    ]


def _training(rows: Sequence[Row]) -> list[Line]:
    return [
        _line(
            row["title"],
            f"{day(row['on_date'])}, {ngettext('%(num)s minute', '%(num)s minutes', row['minutes'])}",
        )
        for row in rows
    ]


def _groups_led(rows: Sequence[Row]) -> list[Line]:
    return [_line(row["name"], _("Yours since %(day)s", day=day(row["assigned_at"]))) for row in rows]


def _looked_back(rows: Sequence[Row]) -> list[Line]:
    return [_line(_session(row), ", ".join(_ticks(row))) for row in rows]


def _ticks(row: Row) -> Iterator[str]:
    if row["rules_said_at"]:
        yield _("ground rules said")
    if row["looked_back_at"]:
        yield ngettext("%(num)s of the four parts", "%(num)s of the four parts", len(row["parts"]))
        yield {
            "kept": _("times kept"),
            "nearly": _("times nearly kept"),
            "not_kept": _("times not kept"),
        }[row["times"]]
        yield _("everybody could speak") if row["turns"] == "everybody" else _("not everybody could speak")


def _calendar_link(rows: Sequence[Row]) -> list[Line]:
    return [
        line
        for row in rows
        for line in (
            _line(_("Link made"), _when(row["made_at"])),
            _line(
                _("It shows"),
                _("Day, time, group, room and school") if row["shows_place"] else _("Day and time alone"),
            ),
            _line(_("Last read"), day(row["read_on"]) if row["read_on"] else _("Not yet")),
        )
    ]


def _papers(rows: Sequence[Row]) -> list[Line]:
    return [_line(row["file_name"], _when(row["created_at"])) for row in rows]


def _concerns(rows: Sequence[Row]) -> list[Line]:
    return [_line(row["reference"], _("Received %(when)s", when=_when(row["raised_at"]))) for row in rows]


LINES: dict[str, Callable[[Sequence[Row]], list[Line]]] = {
    "contact": _contact,
    "taking_part": _taking_part,
    "steps": _steps,
    "wishes": _wishes,
    "calendar_link": _calendar_link,
    "choices": _choices,
    "earlier_choices": _earlier_choices,
    "groups": _groups,
    "places_offered": _places_offered,
    "attendance": _attendance,
    "told_us_cannot_come": _absences,
    "topic_votes": _votes,
    "answers": _answers,
    "unsent_offer": _unsent,
    "offers_to_lead": _offers,
    "papers": _papers,
    "concerns_raised": _concerns,
    "about_you": _about_you,
    "application": _application,
    "training": _training,
    "groups_led": _groups_led,
    "looked_back": _looked_back,
}
