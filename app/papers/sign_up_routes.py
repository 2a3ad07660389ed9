"""What hangs at the school gate: a poster and cards with the address of the school's sign-up page.

Nobody's name stands there, so nothing is kept of them: they are drawn when somebody asks.
"""

from __future__ import annotations

from flask import Response, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from app.extensions import db
from app.identity.current import me
from app.identity.roles import Role
from app.papers.kinds import SignupCards, SignupPoster
from app.papers.render import render_document
from app.papers.routes import blueprint
from app.papers.wording import download_name
from app.schools import stage_rights
from app.schools.queries import get_school
from app.shell.parsing import readable_phone
from app.shell.pressing import to
from app.signing_up import addresses, queries


@blueprint.get("/school/sign-up/poster.pdf")
def sign_up_poster() -> Response | Answer:
    """One A4 page, to be read from a few steps away."""
    return _drawn(SignupPoster)


@blueprint.get("/school/sign-up/cards.pdf")
def sign_up_cards() -> Response | Answer:
    """Cards to cut, eight from a page."""
    return _drawn(SignupCards)


def _drawn(kind: type[SignupPoster | SignupCards]) -> Response | Answer:
    school_id = me().own_school_id
    page = queries.find_page(db.session(), school_id)
    address = addresses.of_page(page)
    if not address:
        flash(_("Open the page first, or make a new address. Then there is something to print."), "note")
        return _back()
    if not queries.is_open(page) or not stage_rights.may_now(db.session(), school_id, "find_parents"):
        flash(
            _("The page is closed, so whoever scans it now could not write. Open it first, then print."),
            "note",
        )
        return _back()
    school = get_school(db.session(), school_id)
    paper = kind(school=school.name, link=address, phone=readable_phone(school.phone))
    return Response(
        render_document(paper).pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{download_name(paper)}"'},
    )


def _back() -> Answer:
    """Where the page is opened; in the office, which opens none, their own."""
    return to("office.home" if me().role is Role.SCHOOL_OFFICE else "signing_up.overview")
