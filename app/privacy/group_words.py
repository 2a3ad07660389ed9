"""What we hold of somebody's group: sessions, votes, what it says to the school, how sessions were held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from app.cohorts.topics import TOPICS
from app.meetings.first_visits import WISHES
from app.one_to_one.words import NEEDS
from app.privacy.lines import Line, line, when
from app.privacy.queries import Row
from app.shell.dates import day


def attendance(rows: Sequence[Row]) -> list[Line]:
    words = {
        "present": _("You were here"),
        "late": _("You were here, and came late"),
        "left_early": _("You were here, and left early"),
        "absent": _("You were away"),
        "apology": _("You told us you can’t come"),
    }
    return [line(_session(row), words[row["mark"]]) for row in rows]


def absences(rows: Sequence[Row]) -> list[Line]:
    return [line(_session(row), _("You told us on %(day)s", day=day(row["at"]))) for row in rows]


def first_evening_wishes(rows: Sequence[Row]) -> list[Line]:
    return [line(", ".join(str(WISHES[one][0]) for one in row["wishes"]), when(row["at"])) for row in rows]


def first_evening_asked(rows: Sequence[Row]) -> list[Line]:
    words = {"done": _("asked"), "not_reached": _("not reached"), "not_needed": _("not needed")}
    return [line(when(row["at"]), words[row["outcome"]]) for row in rows]


def away_twice(rows: Sequence[Row]) -> list[Line]:
    return [
        line(when(row["at"]), _("a friendly message") if row["is_sent"] else _("left in peace"))
        for row in rows
    ]


def calls_asked_for(rows: Sequence[Row]) -> list[Line]:
    return [
        line(
            _("%(name)s, asked on %(day)s", name=row["caller_name"], day=day(row["asked_at"])),
            f"{NEEDS[row['need']]}: {_call_stands(row)}",
        )
        for row in rows
    ]


def calls_to_make(rows: Sequence[Row]) -> list[Line]:
    # Whom, and about what, is the parent's.
    return [line(_("Asked on %(day)s", day=day(row["asked_at"])), _call_stands(row)) for row in rows]


def _call_stands(row: Row) -> str:
    if row["state"] == "taken_back":
        return _("taken back")
    if row["state"] == "done":
        return _("you spoke") if row["outcome"] == "spoke" else _("not needed any more")
    return _("by %(day)s", day=day(row["call_by"]))


def welcomes_newcomers(rows: Sequence[Row]) -> list[Line]:
    return [line(row["name"] or _("A group"), when(row["named_at"])) for row in rows]


def votes(rows: Sequence[Row]) -> list[Line]:
    return [
        line(TOPICS[row["topic"]].title if row["topic"] in TOPICS else row["topic"], when(row["at"]))
        for row in rows
    ]


def themes_said(rows: Sequence[Row]) -> list[Line]:
    return [line(row["words"] or _("Something your group says"), ", ".join(_voice(row))) for row in rows]


def _voice(row: Row) -> Iterator[str]:
    if row["ours"] is not None:
        yield _("yes, we say this") if row["ours"] else _("no, not for me")
    if row["to_council"]:
        yield _("the council may read it")
    if row["enough"]:
        yield {
            "yes": _("the reply is enough"),
            "partly": _("the reply is partly enough"),
            "no": _("the reply is not enough"),
        }[row["enough"]]
    yield when(row["at"])


def themes_written(rows: Sequence[Row]) -> list[Line]:
    words = {
        "proposed": _("before the group"),
        "approved": _("approved by the group"),
        "replied": _("the school replied"),
        "withdrawn": _("taken back"),
    }
    return [line(row["words"], words[row["state"]]) for row in rows]


def messages_written(rows: Sequence[Row]) -> list[Line]:
    return [
        line(
            row["words"],
            _("taken back before it went") if row["stopped_at"] else when(row["goes_at"]),
        )
        for row in rows
    ]


def looked_back(rows: Sequence[Row]) -> list[Line]:
    return [line(_session(row), ", ".join(_ticks(row))) for row in rows]


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


def _session(row: Row) -> str:
    return (
        _("Session %(n)s, %(day)s", n=row["number"], day=day(row["on_date"]))
        if row["number"]
        else _("A session")
    )
