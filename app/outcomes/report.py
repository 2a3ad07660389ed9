"""A release as a page and as a table: made of its frozen payload and of nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.outcomes.drawings import Parts, Row, bars, dumbbells
from app.outcomes.findings import is_shown, points

FORMAT = "release-1"
NAMES = {
    "schools": "Schools",
    "groups": "Groups",
    "started": "Parents who started",
    "five_or_more": "Came to five or more sessions",
    "five_or_more_percent": "Came to five or more sessions, percent",
    "applied": "Graduates who applied to facilitate",
    "n": "Parents who answered both times",
    "before": "Average before",
    "after": "Average after",
    "change_low": "Likely range of change (95%), from",
    "change_high": "Likely range of change (95%), to",
    "higher": "Chose a higher number",
    "same": "Chose the same",
    "lower": "Chose a lower number",
    "not_higher": "Chose the same or a lower number",
}
SECTIONS = {"reach": "Reach", "retention": "Staying", "applications": "Facilitators"}


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page of a release shows."""

    window: str
    starts_on: date
    ends_on: date
    headline: str
    lede: str
    findings: list[dict[str, str]]
    averages: list[dict[str, Any]]
    averages_words: str
    averages_table: list[list[str | None]]
    shares: list[dict[str, Any]]
    shares_words: str
    shares_table: list[list[str | None]]
    not_shown: list[str]
    caveats: list[str]
    method: list[str]


def find_report(payload: Mapping[str, Any]) -> Report | None:
    """The page of a release; None for one that has no figures."""
    if payload.get("format") != FORMAT:
        return None
    sections = payload["sections"]
    domains = sections["change"]["domains"]
    return Report(
        window=payload["window"]["name"],
        starts_on=date.fromisoformat(payload["window"]["starts_on"]),
        ends_on=date.fromisoformat(payload["window"]["ends_on"]),
        headline=_headline(domains),
        lede=" ".join(sections["reach"]["sentences"]),
        findings=_findings(sections),
        averages=dumbbells(
            [Row(d["name"], _number(d["figures"]["before"]), _number(d["figures"]["after"])) for d in domains]
        ),
        averages_words=" ".join(d["sentences"][-1] for d in domains),
        averages_table=[_averages_row(d) for d in domains],
        shares=bars([Parts(d["name"], _parts(d["figures"])) for d in domains]),
        shares_words=" ".join(d["sentences"][0] for d in domains),
        shares_table=[_shares_row(d) for d in domains],
        not_shown=_not_shown(sections, payload["symbols"]),
        caveats=payload["caveats"],
        method=method(),
    )


def as_csv(payload: Mapping[str, Any], sha256: str) -> str:
    """The published figures as a table, `[c]` where one is not shown; its last line is the release's hash."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(["section", "area", "figure", "value"])
    for key, name in SECTIONS.items():
        for figure, value in payload["sections"][key]["figures"].items():
            table.writerow([name, "", NAMES[figure], shorthand(value)])
    for domain in payload["sections"]["change"]["domains"]:
        for figure, value in domain["figures"].items():
            table.writerow(["Change", domain["name"], NAMES[figure], shorthand(value)])
    for symbol, words in payload["symbols"].items():
        table.writerow(["Symbols", "", f"[{symbol}]", words])
    for line in payload["caveats"]:
        table.writerow(["How to read this", "", "", line])
    table.writerow(["Release", payload["window"]["name"], "SHA-256", sha256])
    return file.getvalue()


def shorthand(value: Any) -> str:
    """A figure in a table of data: the number, or its symbol in brackets."""
    return f"[{value['symbol']}]" if isinstance(value, Mapping) else str(value)


def _headline(domains: list[dict[str, Any]]) -> str:
    """Which way the areas moved, up and down in the same words; a move counts where its likely range leaves out 0."""
    shown = [d["figures"] for d in domains if is_shown(d["figures"]["change_low"])]
    higher = sum(figures["change_low"] > 0 for figures in shown)
    lower = sum(figures["change_high"] < 0 for figures in shown)
    if not shown:
        return _("What parents told us")
    if not higher and not lower:
        return _("No area that we can show moved clearly, up or down")
    if higher == len(shown):
        return ngettext(
            "On average, parents chose higher numbers in the one area that we can show",
            "On average, parents chose higher numbers in all %(num)s areas that we can show",
            higher,
        )
    if lower == len(shown):
        return ngettext(
            "On average, parents chose lower numbers in the one area that we can show",
            "On average, parents chose lower numbers in all %(num)s areas that we can show",
            lower,
        )
    return _(
        "Of %(m)s areas that we can show, parents’ numbers were on average higher in %(higher)s, lower in %(lower)s,"
        " and clearly neither in %(rest)s",
        m=_in_words(len(shown)),
        higher=_in_words(higher),
        lower=_in_words(lower),
        rest=_in_words(len(shown) - higher - lower),
    )


def _in_words(count: int) -> str:
    """A small number as a sentence says it."""
    words = (_("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"))
    return words[count] if count < len(words) else str(count)


def _findings(sections: Mapping[str, Any]) -> list[dict[str, str]]:
    """The first area, then who stayed, then who would lead.

    Which area leads is settled before anybody knows the figures: the first of the questions, whichever way it moved.
    """
    first = sections["change"]["domains"][0]
    findings = [
        {
            "say": first["sentences"][0],
            "detail": " ".join(
                [*first["sentences"][1:], _("It is shown here because it is the first area; all are below.")]
            ),
        }
    ]
    for key in ("retention", "applications"):
        findings += [{"say": sentence, "detail": ""} for sentence in sections[key]["sentences"]]
    return findings


def method() -> list[str]:
    """How the ranges were worked out, for whoever wants to know before they rely on one."""
    return [
        _("Only parents who answered before the group and after it are compared, each with themselves."),
        _(
            "The likely range is a 95% confidence interval of the average change. With groups in fewer than five"
            " schools it is a t interval over parents, made wider because parents of one school are alike; with five"
            " or more, schools are pooled (random effects)."
        ),
        _("The areas always come in the order of the questions."),
    ]


def _number(figure: Any) -> float | None:
    return figure if is_shown(figure) else None


def _parts(figures: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    if is_shown(figures["higher"], figures["same"], figures["lower"]):
        return tuple((name, figures[name]) for name in ("higher", "same", "lower"))
    if is_shown(figures["higher"], figures["not_higher"]):
        return tuple((name, figures[name]) for name in ("higher", "not_higher"))
    return ()


def _averages_row(domain: Mapping[str, Any]) -> list[str | None]:
    figures = domain["figures"]
    if not is_shown(figures["before"]):
        return [domain["name"], None, None, None]
    return [
        domain["name"],
        points(figures["before"]),
        points(figures["after"]),
        _("%(low)s to %(high)s", low=points(figures["change_low"]), high=points(figures["change_high"])),
    ]


def _shares_row(domain: Mapping[str, Any]) -> list[str | None]:
    figures = domain["figures"]
    names = ("higher", "not_higher", "lower", "n")
    return [domain["name"], *(str(figures[n]) if is_shown(figures[n]) else None for n in names)]


def _not_shown(sections: Mapping[str, Any], symbols: Mapping[str, str]) -> list[str]:
    """What is held back, named in words."""
    hidden: list[str] = []
    for key in SECTIONS:
        for name, value in sections[key]["figures"].items():
            if not is_shown(value):
                hidden.append(NAMES[name])
    for domain in sections["change"]["domains"]:
        missing = [NAMES[name].lower() for name, value in domain["figures"].items() if not is_shown(value)]
        if len(missing) == len(domain["figures"]):
            hidden.append(f"{domain['name']}: {_('everything')}")
        elif missing:
            hidden.append(f"{domain['name']}: {', '.join(missing)}")
    return hidden
