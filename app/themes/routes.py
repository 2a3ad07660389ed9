"""You said, we did: pages of those who lead a group, of its parents, of its school, and of the council."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cohorts import queries as cohorts
from app.cohorts.leader_queries import get_led_cohort
from app.cohorts.my_queries import list_my_names
from app.extensions import db
from app.identity.current import me
from app.schools import queries as schools
from app.shell import again, drafts
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.errors import NotFound
from app.shell.pressing import or_gone, press, submit
from app.states.themes import Enough
from app.themes import queries, services
from app.themes.forms import EnoughForm, ReplyForm, ThemeForm, VoiceForm
from tenants.together import together

blueprint = Blueprint("themes", __name__)

_GONE = _l("This is not there any more: those who lead may have taken it back. Nothing was kept.")


# ---- those who lead


@blueprint.route("/group/cohorts/<uuid:cohort_id>/themes", methods=["GET", "POST"])
def led(cohort_id: UUID) -> str | Response:
    who = me()
    cohort = get_led_cohort(db.session, who.own_school_id, who.person_id, cohort_id)
    form = ThemeForm()

    def propose() -> None:
        own = who.own_school_id, who.person_id, cohort_id
        names_nobody = bool(form.names_nobody.data)
        services.propose(db.session, *own, form.words.data or "", names_nobody=names_nobody)
        drafts.has_arrived()

    words = _("It is before the group now. The school reads it when five of its parents say so.")
    return submit(form, propose, words, "themes.led", field="words", cohort_id=cohort_id) or _led_page(
        cohort, form
    )


def _led_page(cohort: Any, form: ThemeForm) -> str:
    with together(db.session) as ask:
        themes = ask(queries.list_of_group, cohort.school_id, cohort.id)
        ratings = ask(queries.list_ratings)
    return render_template(
        "themes/led.html",
        form=form,
        cohort=cohort,
        why_not=services.why_nothing(db.session(), cohort),
        themes=themes.value,
        ratings=ratings.value,
        needed=services.NEEDED,
    )


@blueprint.post("/group/themes/<uuid:theme_id>/withdraw")
def withdraw(theme_id: UUID) -> Response:
    who = me()
    theme = queries.get_theme(db.session, who.own_school_id, theme_id)
    if not is_as_shown(theme.state):
        flash(changed_since())
        return redirect(url_for("themes.led", cohort_id=theme.cohort_id))
    return press(
        lambda: services.withdraw(db.session, who.own_school_id, who.person_id, theme_id),
        lambda is_new: _("It is taken back. The school never saw it.") if is_new else None,
        "themes.led",
        cohort_id=theme.cohort_id,
    )


# ---- those who join


@blueprint.get("/my/themes")
def mine() -> str:
    return _my_page()


@blueprint.post("/my/themes/<uuid:theme_id>/voice")
@or_gone(_GONE, "themes.mine")
def voice(theme_id: UUID) -> str | Response:
    form = VoiceForm(prefix=theme_id.hex)
    again.stands_at("themes.mine")
    is_ours, to_council = form.ours.data == "yes", bool(form.to_council.data)

    def said(came_to: services.Said) -> str:
        if came_to is services.Said.APPROVED:
            return _(
                "Thank you. Five or more of you say this. The school has it now, and a later no does not take it back."
            )
        if came_to is services.Said.WITH_SCHOOL and not is_ours:
            return _(
                "Thank you. Nobody sees what you chose. The school has these words already, so your no changes nothing"
                " there. It counts for what the council may read."
            )
        if to_council and not is_ours:
            return _(
                "Thank you. Nobody sees what you chose. What you say no to you do not let the council read."
            )
        return _("Thank you. Nobody sees what you chose. You can change it.")

    if not form.validate_on_submit():
        return _my_page(theme_id, form)
    return press(
        lambda: services.say(db.session(), me(), theme_id, is_ours=is_ours, to_council=to_council),
        said,
        "themes.mine",
    )


@blueprint.post("/my/themes/<uuid:theme_id>/rate")
@or_gone(_GONE, "themes.mine")
def rate(theme_id: UUID) -> str | Response:
    form = EnoughForm(prefix=f"{theme_id.hex}-rate")
    again.stands_at("themes.mine")
    if not form.validate_on_submit():
        return _my_page(theme_id, form)
    return press(
        lambda: services.rate(db.session(), me().own_school_id, theme_id, Enough(form.enough.data or "")),
        _("Thank you. Two weeks after its reply the school reads how many say so, and never who."),
        "themes.mine",
    )


def _my_page(theme_id: UUID | None = None, form: VoiceForm | EnoughForm | None = None) -> str:
    who = me()
    with together(db.session) as ask:
        listed = ask(queries.list_mine, who.own_school_id, who.person_id)
        own = ask(queries.list_my_voices, who.own_school_id, who.person_id)
        over = ask(queries.list_over)
        ratings = ask(queries.list_ratings)
        groups = ask(list_my_names, who.own_school_id, who.person_id)
    themes, voices = listed.value, own.value
    if theme_id is not None and all(one.id != theme_id for one in themes):
        raise NotFound
    forms = {one.id: _voice_form(one.id, voices.get(one.id)) for one in themes}
    rates = {one.id: _enough_form(one.id, voices.get(one.id)) for one in themes if queries.may_rate(one)}
    if theme_id is not None:
        if isinstance(form, VoiceForm):
            forms[theme_id] = form
        elif isinstance(form, EnoughForm):
            rates[theme_id] = form
    return render_template(
        "themes/mine.html",
        themes=themes,
        over={one: queries.WHY_OVER[why] for one, why in over.value.items()},
        groups=groups.value if len(groups.value) > 1 else {},
        ratings=ratings.value,
        voice_forms=forms,
        rates=rates,
        form=form,
    )


def _voice_form(theme_id: UUID, own: Any) -> VoiceForm:
    ours = {True: "yes", False: "no", None: ""}[own.ours if own else None]
    data = {"ours": ours, "to_council": bool(own and own.to_council)}
    return VoiceForm(formdata=None, prefix=theme_id.hex, data=data)


def _enough_form(theme_id: UUID, own: Any) -> EnoughForm:
    return EnoughForm(
        formdata=None, prefix=f"{theme_id.hex}-rate", data={"enough": own.enough if own else ""}
    )


# ---- the school


@blueprint.get("/school/themes")
def of_school() -> str:
    who = me()
    with together(db.session) as ask:
        themes = ask(queries.list_of_school, who.own_school_id)
        ratings = ask(queries.list_ratings)
        names = ask(cohorts.list_names, who.own_school_id)
    return render_template(
        "themes/of_school.html",
        themes=themes.value,
        ratings=ratings.value,
        names=names.value,
    )


@blueprint.route("/school/themes/<uuid:theme_id>/reply", methods=["GET", "POST"])
def reply(theme_id: UUID) -> str | Response:
    who = me()
    theme = queries.get_theme(db.session, who.own_school_id, theme_id)
    cohort = cohorts.get_cohort(db.session, who.own_school_id, theme.cohort_id)
    form = ReplyForm()

    def send() -> bool:
        sent = services.reply(
            db.session, who.own_school_id, theme_id, form.reply.data or "", by_name=who.name
        )
        drafts.has_arrived()
        return sent

    return submit(
        form,
        send,
        _(
            "Your reply stands on the page of the group’s parents. Whoever gets messages is told today, and all can say"
            " whether it is enough."
        ),
        "themes.of_school",
        field="reply",
    ) or render_template("themes/reply.html", form=form, theme=theme, cohort=cohort)


# ---- the council


@blueprint.get("/authority/themes")
def of_council() -> str:
    who = me()
    numbers, released = queries.of_council(db.session())
    listed = schools.list_by_ids(db.session, [one.school_id for one in numbers])
    names = {one.school_id: one.name for one in listed if one.authority_id == who.authority_id}
    return render_template(
        "themes/of_council.html",
        numbers=sorted(numbers, key=lambda one: names.get(one.school_id, "")),
        released=released,
        names=names,
    )
