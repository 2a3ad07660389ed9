"""Pages of a parent's first evening: of those who lead, of the school's staff, and of the parent."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cohorts import room_photos
from app.cohorts.leader_queries import get_led_cohort
from app.cohorts.my_queries import get_my_group
from app.cohorts.queries import get_cohort, list_leaders, list_sessions
from app.extensions import db
from app.identity.current import me
from app.meetings import first_visits
from app.meetings.forms import FirstWishesForm, WelcomerForm
from app.meetings.queries import list_members
from app.meetings.routes import blueprint
from app.schools import queries as schools
from app.schools.year_queries import get_shut_days
from app.shell.as_shown import if_as_shown
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.pressing import answered, or_gone, press, submit
from app.states.groups import UNDER_WAY, FirstCall
from tenants.together import together

# ---- those who lead


@blueprint.get("/group/cohorts/<uuid:cohort_id>/first-visits")
def first_visits_led(cohort_id: UUID) -> str:
    who = me()
    cohort = get_led_cohort(db.session, who.own_school_id, who.person_id, cohort_id)
    of_group = who.own_school_id, cohort_id
    with together(db.session) as ask:
        welcomer = ask(first_visits.find_welcomer_id, *of_group)
        wishes = ask(first_visits.list_wishes, *of_group)
        visits = ask(first_visits.list_first_visits, *of_group)
        members = ask(list_members, *of_group)
    names = {one.parent_id: one.known_as for one in members.value}
    return render_template(
        "meetings/first_visits.html",
        cohort=cohort,
        is_over=cohort.state not in UNDER_WAY,
        welcomer_id=welcomer.value,
        is_me=welcomer.value == who.person_id,
        wishes=[(names[one], words) for one, words in wishes.value.items() if one in names],
        visits=visits.value,
    )


@blueprint.post("/group/cohorts/<uuid:cohort_id>/first-visits/mine")
def welcome_them(cohort_id: UUID) -> Response:
    who, session = me(), db.session()
    # Held, so that of two who press at once the second is told.
    get_led_cohort(session, who.own_school_id, who.person_id, cohort_id, lock=True)
    before = first_visits.find_welcomer_id(session, who.own_school_id, cohort_id)
    name = partial(first_visits.name_welcomer, session, who.own_school_id, cohort_id, who.person_id)
    return press(
        name if before == who.person_id else if_as_shown(name, before),
        _("Kept. Parents read your first name before their first evening."),
        "meetings.first_visits_led",
        cohort_id=cohort_id,
    )


@blueprint.post("/group/cohorts/<uuid:cohort_id>/first-visits/<uuid:parent_id>")
def note_first_call(cohort_id: UUID, parent_id: UUID) -> Response:
    who = me()
    outcome = request.form.get("outcome", "")
    if outcome not in list(FirstCall):
        raise NotFound
    school_id, session = who.own_school_id, db.session()
    # Held, so that of two who asked the same parent the second reads what the first noted.
    get_led_cohort(session, school_id, who.person_id, cohort_id, lock=True)
    before = first_visits.find_outcome(session, school_id, cohort_id, parent_id)
    own = school_id, who.person_id, cohort_id, parent_id
    note = partial(first_visits.note_call, session, *own, FirstCall(outcome))
    return press(
        note if before == outcome else if_as_shown(note, before),
        _("Noted. Thank you for looking after them."),
        "meetings.first_visits_led",
        cohort_id=cohort_id,
    )


# ---- the school


@blueprint.route("/school/groups/<uuid:cohort_id>/welcome", methods=["GET", "POST"])
def welcome_of_school(cohort_id: UUID) -> str | Response:
    school_id = me().own_school_id
    cohort = get_cohort(db.session, school_id, cohort_id)
    leaders = list_leaders(db.session, school_id, cohort_id)
    chosen = first_visits.find_welcomer_id(db.session(), school_id, cohort_id)
    form = WelcomerForm(data={"welcomer": str(chosen or "")})
    form.welcomer.choices = [(str(one.id), kept(one.name)) for one in leaders]

    def name() -> None:
        first_visits.name_welcomer(db.session(), school_id, cohort_id, UUID(answered(form.welcomer.data)))

    return submit(
        form,
        name if form.welcomer.data == str(chosen) else if_as_shown(name, chosen),
        _("Kept. Parents read the first name before their first evening."),
        "meetings.welcome_of_school",
        field="welcomer",
        cohort_id=cohort_id,
    ) or render_template(
        "meetings/welcome.html",
        form=form,
        cohort=cohort,
        chosen=chosen,
        leaders=leaders,
        days=first_visits.usual_days(db.session()),
        is_over=cohort.state not in UNDER_WAY,
    )


# ---- the parent


@blueprint.route("/my/first-evening", methods=["GET", "POST"])
@or_gone(
    _l("You have no place in a group just now, so nothing was kept."), "meetings.my_group", also_looks=True
)
def my_first_visit() -> str | Response:
    who, session = me(), db.session()
    group = get_my_group(session, who.own_school_id, who.person_id)
    with together(session) as ask:
        meetings = ask(list_sessions, who.own_school_id, group.id)
        welcomer = ask(first_visits.find_my_welcomer, group.id)
        been = ask(first_visits.has_come)
        mine = ask(first_visits.find_my_wishes, who.own_school_id, who.person_id, group.id)
        own_school = ask(schools.get_school, who.own_school_id)
        shut = ask(get_shut_days, who.authority_id, who.own_school_id)
        photos = ask(room_photos.list_photos, who.own_school_id)
    form = FirstWishesForm(data={"wishes": mine.value})
    if answer := submit(
        form,
        lambda: first_visits.wish(session, who.person_id, form.wishes.data or []),
        _("Kept. Those who lead your group can read it now. You can change it until you come."),
        "meetings.my_first_visit",
        field="wishes",
    ):
        return answer
    school = own_school.value
    evening = first_visits.first_evening_of(group, meetings.value, shut.value, school.stage)
    return render_template(
        "meetings/my_first_visit.html",
        form=form,
        evening=evening,
        has_come=been.value,
        welcomer=welcomer.value,
        **_where(evening.on, group, school, photos.value),
    )


def _where(coming: Any, group: Any, school: Any, photos: dict[str, room_photos.Photo]) -> dict[str, Any]:
    """Where that evening is, in words and as a photo: at this school."""
    room = (coming.room if coming else "") or group.room or school.room
    photo = room_photos.pick(photos, room)
    return {"school": school, "room": room or _("a room at school"), "photo": photo}
