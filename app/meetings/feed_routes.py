"""The page on which somebody gives their calendar an address to read, and what is read there."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.cohorts.calendar_file import calendar_feed
from app.cohorts.feed import list_entries
from app.cohorts.my_queries import find_my_group
from app.extensions import db
from app.identity import feeds
from app.identity.current import me, session
from app.identity.roles import Role
from app.meetings.forms import DatesLinkForm
from app.meetings.routes import blueprint
from app.shell import again
from app.shell.as_shown import if_as_shown
from app.shell.edge import NOBODY_LOOKS
from app.shell.errors import NotFound
from app.shell.navigation import home_of
from app.shell.pressing import press, submit

#: In the browser's own session until the page has shown it, once.
MADE = "dates_link_made"


@blueprint.get("/dates")
def dates_link() -> str:
    """Whether a calendar reads along, since when, and the address of one that was made a moment ago."""
    return _page(_form(), session.pop(MADE, None))


@blueprint.post("/dates")
def make_dates_link() -> str | Response:
    """A new one ends the old, so it counts only for a page that showed that there is one."""
    form = _form()
    again.stands_at("meetings.dates_link")

    def make() -> None:
        session[MADE] = feeds.make(db.session(), shows_place=form.place.data == "yes")

    mine = feeds.find_mine(db.session())
    return submit(form, if_as_shown(make, mine and mine.made_at), None, "meetings.dates_link") or _page(form)


@blueprint.post("/dates/stop")
def stop_dates_link() -> Response:
    mine = feeds.find_mine(db.session())
    return press(
        if_as_shown(lambda: feeds.stop(db.session()), mine and mine.made_at),
        _("Stopped. The old address opens nothing any more."),
        "meetings.dates_link",
    )


@blueprint.get("/feed/<secret>.ics")
def read_feed(secret: str) -> FileResponse:
    """The dates, for whichever program holds the address. It carries no cookie and proves nothing else."""
    reader = feeds.open_feed(secret, is_read=request.method not in NOBODY_LOOKS)
    if reader is None:
        raise NotFound
    db.session().enter(reader.scope)
    content = calendar_feed(list_entries(db.session(), reader))
    return FileResponse(content, mimetype="text/calendar", headers={"X-Robots-Tag": "noindex"})


def _form() -> DatesLinkForm:
    return DatesLinkForm().for_council() if me().role == Role.AUTHORITY_ADMIN else DatesLinkForm()


def _page(form: DatesLinkForm, secret: str | None = None) -> str:
    who = me()
    has_dates = (
        who.role != Role.PARENT or find_my_group(db.session, who.own_school_id, who.person_id) is not None
    )
    base_url = current_app.extensions["settings"].base_url.rstrip("/")
    address = f"{base_url}{url_for('meetings.read_feed', secret=secret)}" if secret else ""
    return render_template(
        "meetings/dates_link.html",
        form=form,
        address=address,
        # What calendars take for "read this again and again", in place of opening it once.
        on_this_device=f"webcal:{address.partition(':')[2]}",
        mine=feeds.find_mine(db.session()),
        has_file=who.role == Role.PARENT and has_dates,
        has_dates=has_dates,
        is_council=who.role == Role.AUTHORITY_ADMIN,
        home=home_of(who.role),
    )
