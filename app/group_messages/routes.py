"""A short message to everybody in a group: pages of those who lead it, of its school, and of its parents."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.cohorts.leader_queries import get_led_cohort
from app.cohorts.queries import get_cohort
from app.extensions import db
from app.group_messages import queries, services
from app.group_messages.forms import GroupMessageForm
from app.group_messages.messages import TO_PARENTS, fields_of_words
from app.group_messages.queries import Reach
from app.group_messages.services import Writer
from app.group_messages.wording import by_text
from app.identity.current import me
from app.messages.previews import to_everybody
from app.messages.words import without_sign
from app.schools import queries as schools
from app.shell.dates import clock
from app.shell.kept import kept
from app.shell.parsing import given_name, listed
from app.shell.pressing import press, submit
from infra.clock import now
from tenants.together import together

blueprint = Blueprint("group_messages", __name__)


# ---- those who lead


@blueprint.route("/group/cohorts/<uuid:cohort_id>/messages", methods=["GET", "POST"])
def led(cohort_id: UUID) -> str | Response:
    who = me()
    cohort = get_led_cohort(db.session, who.own_school_id, who.person_id, cohort_id)
    return _page(_leader(), cohort, "group_messages.led")


@blueprint.post("/group/messages/<uuid:group_message_id>/stop")
def stop_led(group_message_id: UUID) -> Response:
    return _stop(_leader(), group_message_id, "group_messages.led")


def _leader() -> Writer:
    who = me()
    return Writer(who.own_school_id, given_name(who.name), who.person_id)


# ---- the school


@blueprint.route("/school/groups/<uuid:cohort_id>/messages", methods=["GET", "POST"])
def of_school(cohort_id: UUID) -> str | Response:
    who = me()
    cohort = get_cohort(db.session, who.own_school_id, cohort_id)
    return _page(Writer(who.own_school_id, who.name), cohort, "group_messages.of_school")


@blueprint.post("/school/group-messages/<uuid:group_message_id>/stop")
def stop(group_message_id: UUID) -> Response:
    who = me()
    return _stop(Writer(who.own_school_id, who.name), group_message_id, "group_messages.of_school")


# ---- a parent


@blueprint.get("/my/group/messages")
def mine() -> str:
    who = me()
    with together(db.session) as ask:
        messages = ask(queries.list_mine, who.own_school_id, who.person_id)
        school = ask(schools.get_school, who.own_school_id)
    return render_template("group_messages/mine.html", messages=messages.value, school=school.value)


# ---- both who write


def _page(writer: Writer, cohort: Any, endpoint: str) -> str | Response:
    """Write, look at it, send: the form, how it would read, and back with what became of it."""
    form, step = GroupMessageForm(), request.form.get("step")
    typed = form.words.data or ""
    asked = (db.session(), writer, cohort.id, typed)
    is_word = bool(form.names_nobody.data)
    answer = None
    if step == "send":
        send = partial(services.send, *asked, names_nobody=is_word)
        answer = submit(form, send, partial(_sent, writer), endpoint, field="words", cohort_id=cohort.id)
    elif step != "change":
        check = partial(services.check, *asked, names_nobody=is_word)
        answer = submit(form, check, lambda found: _check_page(form, writer, cohort, endpoint, *found))
    return answer or _write_page(form, writer, cohort, endpoint)


def _write_page(form: GroupMessageForm, writer: Writer, cohort: Any, endpoint: str) -> str:
    messages = queries.list_of_group(db.session(), cohort.school_id, cohort.id)
    why_not = services.why_not(db.session(), writer, cohort, messages)
    return render_template(
        "group_messages/write.html",
        form=form,
        cohort=cohort,
        messages=messages,
        why_not=why_not,
        left=services.MOST_A_DAY - len(queries.of_that_day(messages)),
        reach=None if why_not else services.reach_of(db.session(), writer, cohort.id),
        goes_at=queries.goes_at(),
        waits=queries.goes_at() > now(),
        has_gone=lambda one: one.goes_at <= now(),
        can_stop=lambda one: queries.can_stop(one) and writer.facilitator_id in (None, one.facilitator_id),
        is_school=writer.facilitator_id is None,
        stop_endpoint="group_messages.stop"
        if endpoint == "group_messages.of_school"
        else "group_messages.stop_led",
    )


def _check_page(
    form: GroupMessageForm,
    writer: Writer,
    cohort: Any,
    endpoint: str,
    words: str,
    before: Any,
) -> Response:
    school = schools.get_school(db.session, writer.school_id)
    fields = fields_of_words(words, writer.name, school.short_name)
    page = render_template(
        "group_messages/check.html",
        form=form,
        cohort=cohort,
        shown=to_everybody(
            db.session(), TO_PARENTS.name, writer.school_id, authority_id=me().authority_id, **fields
        ),
        reach=services.reach_of(db.session(), writer, cohort.id),
        goes_at=queries.goes_at(),
        waits=queries.goes_at() > now(),
        not_by_text=without_sign(words),
        is_by_text=bool(by_text(words)),
        last=[one.id for one in before[:1]],
        is_school=writer.facilitator_id is None,
    )
    return make_response(page)


def _sent(writer: Writer, message: Any) -> tuple[str, str]:
    if message is None:
        return _("These words went to the group today. Nothing was sent twice."), "note"
    reach = services.reach_of(db.session(), writer, message.cohort_id)
    if message.goes_at > now():
        said = _(
            "Your message goes at %(time)s, so that no phone rings at night. Until then you can take it back.",
            time=clock(message.goes_at),
        )
    else:
        said = _("Your message is on its way to everybody in the group.")
    return f"{said} {to_tell(reach)}".strip(), "success"


def to_tell(reach: Reach) -> str:
    """Whom somebody has to tell: their names to staff, how many to those who lead; empty where it reaches all."""
    if reach.nobody:
        return _(
            "No message reaches %(names)s. Please tell them yourself.",
            names=listed([kept(name) for name in reach.nobody]),
        )
    if reach.by_none:
        return ngettext(
            "No message reaches one of them. Say it when you see them, or ask the school to call.",
            "No message reaches %(num)s of them. Say it when you see them, or ask the school to call.",
            reach.by_none,
        )
    return ""


def _stop(writer: Writer, message_id: UUID, endpoint: str) -> Response:
    cohort_id = queries.get_one(db.session(), writer.school_id, message_id).cohort_id
    return press(
        partial(services.stop, db.session(), writer, message_id),
        lambda is_new: (
            _("It is taken back, and goes to nobody.")
            if is_new
            else (_("It was taken back before. It goes to nobody."), "note")
        ),
        endpoint,
        cohort_id=cohort_id,
    )
