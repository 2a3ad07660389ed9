"""What we hold of somebody, in the words of a page: parts with a heading, each a list of names and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.facilitators.forms import QUESTIONS
from app.facilitators.stages import STAGES as LEADING_STAGES
from app.measures.instruments import get_instrument
from app.privacy import group_words
from app.privacy.lines import Line, line, when
from app.privacy.queries import Held, Row
from app.recruitment.consents import CHOICES, LANGUAGES
from app.recruitment.wishes import DAYS, FORMATS, NEEDS, TIMES
from app.shell.dates import day
from app.shell.kept import kept, phone
from app.shell.parsing import full_name


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
    "sent_to_other_school": _l("What you sent to another school"),
    "choices": _l("Your choices now"),
    "earlier_choices": _l("Each time you chose"),
    "groups": _l("Your groups"),
    "places_offered": _l("Places we offered you"),
    "attendance": _l("Sessions you came to"),
    "told_us_cannot_come": _l("Sessions you told us you can’t come to"),
    "first_evening_wishes": _l("What you would like on your first evening"),
    "calls_asked_for": _l("Calls that you asked for"),
    "first_evening_asked": _l("Whether somebody asked how your first evening was"),
    "written_to_when_away": _l("When you were away twice"),
    "topic_votes": _l("Topics you voted for"),
    "themes_said": _l("What you said about what your group says to the school"),
    "answers": _l("Your answers to the questions"),
    "unsent_offer": _l("An offer to help lead that you have not sent"),
    "offers_to_lead": _l("Your offer to help lead"),
    "papers": _l("Papers made for you"),
    "concerns_raised": _l("Concerns that you raised"),
    "about_you": _l("About you"),
    "application": _l("Your application"),
    "training": _l("Your training"),
    "groups_led": _l("Groups you lead or led"),
    "themes_written": _l("What you wrote down for your group to say"),
    "calls_to_make": _l("Calls that you were asked for"),
    "chose_when_away": _l("What you chose when somebody was away twice"),
    "welcomes_newcomers": _l("Groups whose newcomers you welcome"),
    "asked_newcomers": _l("When you noted that you asked newcomers"),
    "messages_written": _l("Messages that you wrote to your group"),
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


def _yes(value: bool) -> str:
    return _("Yes") if value else _("No")


def _stage(code: str | None) -> str:
    return str(STEPS.get(code or "", code or ""))


def _choice(kind: str) -> str:
    return str(CHOICES[kind].question) if kind in CHOICES else kind


def _contact(rows: Sequence[Row]) -> list[Line]:
    return [
        each
        for row in rows
        for each in (
            line(_("Name"), kept(full_name(row["first_name"], row["last_name"]))),
            line(_("What people call you"), row["known_as"]),
            line(_("Email"), kept(row["email"])),
            line(_("Phone"), phone(row["phone"])),
            line(_("Language"), LANGUAGES.get(row["language"], row["language"])),
            line(_("Needs an interpreter"), _yes(row["interpreter"])),
            line(_("Access needs"), row["access_needs"]),
            line(_("Kept off the list of the school office"), _yes(row["not_for_office"])),
            line(_("You stopped texts"), when(row["texts_stopped_at"])),
            line(_("You stopped emails"), when(row["emails_stopped_at"])),
        )
    ]


def _taking_part(rows: Sequence[Row]) -> list[Line]:
    return [
        each
        for row in rows
        for each in (
            line(_("Now"), _stage(row["stage"])),
            line(_("Since"), when(row["stage_changed_at"])),
            line(_("We first noted your name"), when(row["created_at"])),
            line(_("We invited you"), when(row["invited_at"])),
            line(_("You said yes to the school, to be confirmed"), when(row["said_yes_at"])),
            line(_("You joined"), when(row["joined_at"])),
            line(_("On the waiting list since"), when(row["waiting_since"])),
            line(_("We do not ask you again before"), day(row["do_not_ask_until"])),
        )
    ]


def _steps(rows: Sequence[Row]) -> list[Line]:
    by = {"school": _("noted by the school"), "facilitator": _("noted by a facilitator")}
    return [
        line(
            when(row["at"]),
            ", ".join(
                part for part in (_stage(row["to_stage"]), by.get(row["by_side"], ""), row["reason"]) if part
            ),
        )
        for row in rows
    ]


def _wishes(rows: Sequence[Row]) -> list[Line]:
    return [
        each
        for row in rows
        for each in (
            line(_("Days"), _chosen_of(DAYS, row["days"]) or _("Any day")),
            line(_("Times"), _chosen_of(TIMES, row["times"]) or _("Any time")),
            line(_("How to meet"), _chosen_of(FORMATS, [row["format"]])),
            line(_("What you need to come"), _chosen_of(NEEDS, row["needs"])),
            line(_("Noted by the school"), row["by_name"]),
            line(_("Last changed"), when(row["changed_at"])),
        )
    ]


def _chosen_of(words: Mapping[Any, object], chosen: Sequence[str]) -> str:
    return ", ".join(str(said) for code, said in words.items() if code in chosen)


def _choices(rows: Sequence[Row]) -> list[Line]:
    return [line(_choice(row["kind"]), f"{_yes(row['given'])}, {when(row['changed_at'])}") for row in rows]


def _earlier_choices(rows: Sequence[Row]) -> list[Line]:
    return [line(when(row["at"]), _chosen(row)) for row in rows]


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
        line(
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
        line(
            when(row["offered_at"]),
            _("%(what)s. Kept until %(day)s.", what=words[row["state"]], day=day(row["answer_by"])),
        )
        for row in rows
    ]


def _answers(rows: Sequence[Row]) -> list[Line]:
    lines = []
    for row in rows:
        asked = _("Before the group") if row["occasion"] == "before" else _("After the group")
        lines.append(line(asked, when(row["submitted_at"] or row["updated_at"])))
        items = get_instrument(row["instrument"], row["instrument_version"]).items
        for item, value in zip(items, row["items"], strict=False):
            lines.append(line(_(item.text), _("Left out") if value is None else _("%(n)s of 10", n=value)))
    return lines


def _told(answers: Mapping[str, Any] | None) -> list[Line]:
    lines = []
    for key, value in (answers or {}).items():
        if key == "referees":
            value = "; ".join(", ".join(str(part) for part in person.values() if part) for person in value)
        lines.append(line(QUESTIONS.get(key, key), value))
    return lines


def _offers(rows: Sequence[Row]) -> list[Line]:
    return [line for row in rows for line in (*_about_you([row]), *_told(row["answers"]))]


def _about_you(rows: Sequence[Row]) -> list[Line]:
    return [
        each
        for row in rows
        for each in (
            line(_("Name"), kept(row["name"])),
            line(_("Email"), kept(row["email"])),
            line(_("Phone"), phone(row["phone"])),
            line(_("Where you are"), LEADING_STAGES[row["stage"]].label),
            line(_("Since"), when(row["stage_changed_at"])),
        )
    ]


def _application(rows: Sequence[Row]) -> list[Line]:
    return [
        each for row in rows for each in (line(_("Sent"), when(row["submitted_at"])), *_told(row["answers"]))
    ]


def _unsent(rows: Sequence[Row]) -> list[Line]:
    return [
        each
        for row in rows
        for each in (line(_("Last written"), when(row["saved_at"])), *_told(row["answers"]))
    ]


def _training(rows: Sequence[Row]) -> list[Line]:
    return [
        line(
            row["title"],
            f"{day(row['on_date'])}, {ngettext('%(num)s minute', '%(num)s minutes', row['minutes'])}",
        )
        for row in rows
    ]


def _groups_led(rows: Sequence[Row]) -> list[Line]:
    return [line(row["name"], _("Yours since %(day)s", day=day(row["assigned_at"]))) for row in rows]


def _sent_to_other_school(rows: Sequence[Row]) -> list[Line]:
    # Once staff there have read it, it is kept as their page there says, and no more in these words.
    return [
        each
        for row in rows
        for each in (
            line(_("School"), kept(row["school_name"])),
            line(_("Sent"), when(row["asked_at"])),
            line(_("Name"), kept(full_name(row["first_name"], row["last_name"]))),
            line(_("Email"), kept(row["email"])),
            line(_("Phone"), phone(row["phone"])),
            line(_("Read there"), _yes(row["is_read"])),
        )
    ]


def _calendar_link(rows: Sequence[Row]) -> list[Line]:
    return [
        each
        for row in rows
        for each in (
            line(_("Link made"), when(row["made_at"])),
            line(
                _("It shows"),
                _("Day, time, group, room and school") if row["shows_place"] else _("Day and time alone"),
            ),
            line(_("Last read"), day(row["read_on"]) if row["read_on"] else _("Not yet")),
        )
    ]


def _papers(rows: Sequence[Row]) -> list[Line]:
    return [line(row["file_name"], when(row["created_at"])) for row in rows]


def _concerns(rows: Sequence[Row]) -> list[Line]:
    return [line(row["reference"], _("Received %(when)s", when=when(row["raised_at"]))) for row in rows]


LINES: dict[str, Callable[[Sequence[Row]], list[Line]]] = {
    "contact": _contact,
    "taking_part": _taking_part,
    "steps": _steps,
    "wishes": _wishes,
    "calendar_link": _calendar_link,
    "sent_to_other_school": _sent_to_other_school,
    "choices": _choices,
    "earlier_choices": _earlier_choices,
    "groups": _groups,
    "places_offered": _places_offered,
    "attendance": group_words.attendance,
    "told_us_cannot_come": group_words.absences,
    "first_evening_wishes": group_words.first_evening_wishes,
    "calls_asked_for": group_words.calls_asked_for,
    "first_evening_asked": group_words.first_evening_asked,
    "written_to_when_away": group_words.away_twice,
    "topic_votes": group_words.votes,
    "themes_said": group_words.themes_said,
    "answers": _answers,
    "unsent_offer": _unsent,
    "offers_to_lead": _offers,
    "papers": _papers,
    "concerns_raised": _concerns,
    "about_you": _about_you,
    "application": _application,
    "training": _training,
    "groups_led": _groups_led,
    "themes_written": group_words.themes_written,
    "calls_to_make": group_words.calls_to_make,
    "chose_when_away": group_words.away_twice,
    "welcomes_newcomers": group_words.welcomes_newcomers,
    "asked_newcomers": group_words.first_evening_asked,
    "messages_written": group_words.messages_written,
    "looked_back": group_words.looked_back,
}
