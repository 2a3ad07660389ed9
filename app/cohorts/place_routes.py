"""The page on which staff offer places, or give them: who waits, in order, with what suits them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import render_template
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cohorts import membership, offered, offers, queries
from app.cohorts.forms import OfferForm
from app.cohorts.routes import blueprint
from app.cohorts.timetable import next_of, takes_newcomers
from app.extensions import db
from app.identity.current import me
from app.messages import outlook
from app.recruitment import queries as recruitment
from app.recruitment import wishes
from app.recruitment.consents import LANGUAGES
from app.schools.queries import get_authority
from app.shell.dates import short_day
from app.shell.pressing import answered, submit
from app.states.groups import GroupFormat
from tenants.together import together

#: What stands beside somebody who asked to meet in another way.
_NOT_SO: dict[str, LazyString] = {
    GroupFormat.ROOM: _l("Not as they asked: this group meets in a room"),
    GroupFormat.ONLINE: _l("Not as they asked: this group meets online"),
}


@blueprint.route("/school/groups/<uuid:cohort_id>/places", methods=["GET", "POST"])
def offer_places(cohort_id: UUID) -> str | Response:
    school_id = me().own_school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    with together(db.session) as ask:
        who_waits = ask(recruitment.list_waiting, school_id)
        meetings = ask(queries.list_sessions, school_id, cohort_id)
        kept_for = ask(offered.list_open, school_id)
        free = ask(offered.count_free, cohort)
        council = ask(get_authority, me().authority_id)
    waiting, coming = who_waits.value, next_of(meetings.value)
    days = council.value.offer_days
    form = OfferForm(data={"answer_by": offers.usual_day(coming.on_date if coming else None, days)})
    # Somebody who was on the page when it was made may be gone now: the service says so in words.
    here = [(str(line.id), line.name) for line in waiting]
    form.parents.choices = here + [(key, key) for key in _gone(form, here)]
    wished = wishes.list_of(db.session(), school_id, [line.id for line in waiting])
    form.parents.hints = _hints(waiting, wished, kept_for.value, cohort.format)
    if answer := submit(
        form, lambda: _give_or_offer(form, cohort_id), lambda said: said, "cohorts.show", cohort_id=cohort_id
    ):
        return answer
    form.parents.choices = here
    return render_template(
        "cohorts/places.html",
        form=form,
        cohort=cohort,
        waiting=waiting,
        left=free.value,
        takes_newcomers=takes_newcomers(meetings.value),
    )


def _give_or_offer(form: OfferForm, cohort_id: UUID) -> str:
    """What was done, and who is told of it; or that it was done before."""
    identity, chosen = me(), [UUID(key) for key in form.parents.data or ()]
    if form.how.data == "give":
        given = membership.give_places(db.session(), identity.own_school_id, cohort_id, chosen)
        words = (
            ngettext("One place is given.", "%(num)s places are given.", given)
            if given
            else _("Whom you chose has a place in this group already.")
        )
    else:
        made = offers.offer(
            db.session(),
            identity.own_school_id,
            cohort_id,
            chosen,
            answer_by=answered(form.answer_by.data),
            by_name=identity.name,
        )
        words = ngettext("One place is offered and kept.", "%(num)s places are offered and kept.", made)
    return f"{words} {outlook.said(db.session, identity.own_school_id)}".strip()


def _hints(
    waiting: list[recruitment.ParentLine],
    wished: Mapping[UUID, wishes.Wishes],
    kept_for: Mapping[UUID, offered.OfferLine],
    format_: str,
) -> dict[str, str]:
    """What stands under each name."""
    found = {}
    for line in waiting:
        own = wished.get(line.id)
        words = _about(line, own)
        if own and not own.meets(format_):
            words = f"{_NOT_SO[format_]} · {words}"
        if line.id in kept_for:
            one = kept_for[line.id]
            kept_words = _(
                "A place in %(group)s is kept for them until %(day)s",
                group=one.group_name,
                day=short_day(one.answer_by),
            )
            words = f"{kept_words} · {words}"
        found[str(line.id)] = words
    return found


def _about(line: recruitment.ParentLine, wished: wishes.Wishes | None) -> str:
    """What a school thinks of when it puts a group together: how long they wait, what suits them, year group, needs,
    language."""
    language = LANGUAGES[line.language] if line.language != "en" and line.language in LANGUAGES else ""
    return " · ".join(
        words
        for words in (
            _("Since %(day)s", day=short_day(line.joined_at or line.stage_changed_at)),
            *(wished.in_words if wished else ()),
            line.year_group,
            line.needs,
            _("Reads %(language)s best", language=language) if language else "",
            _("Would like an interpreter") if line.interpreter else "",
            line.access_needs,
        )
        if words
    )


def _gone(form: OfferForm, offered: list[tuple[str, str]]) -> list[str]:
    """Ids that were chosen and are not waiting any more, as far as they are ids."""
    known = {key for key, _name in offered}
    gone = []
    for key in form.parents.data or []:
        try:
            if key not in known:
                gone.append(str(UUID(key)))
        except ValueError:
            continue
    return gone
