"""Pages that anybody may open, and the quick way out."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.identity import known_browsers
from app.identity.current import session
from app.identity.websession import end_session
from app.shell.headers import WAITING
from app.shell.who_can_see import list_things
from infra.logs import get_logger

log = get_logger()

blueprint = Blueprint("shell", __name__, template_folder="templates")

#: An ordinary page that nobody wonders about, found at the end of *Exit this page*.
SAFE_PLACE = "https://www.bbc.co.uk/weather"


@blueprint.app_context_processor
def ways_in() -> dict[str, str]:
    """Addresses that public pages lead to; before their package has them, the sign-in page."""
    return {
        "new_link_url": _first_of("accounts.new_link", "accounts.sign_in"),
        "lost_url": _first_of("accounts.lost", "accounts.sign_in"),
        "results_url": _first_of("outcomes.public_results", "accounts.sign_in"),
    }


def _first_of(*endpoints: str) -> str:
    there = (endpoint for endpoint in endpoints if endpoint in current_app.view_functions)
    return url_for(next(there, "shell.contact"))


@blueprint.get("/")
def landing() -> str:
    """The two doors: parents first, then those who bring a programme to their schools."""
    return render_template("shell/pages/landing.html")


@blueprint.get("/brief")
def brief() -> str:
    """What a council or a school lets itself in for."""
    return render_template("shell/pages/brief.html")


@blueprint.get("/help")
def help_page() -> str:
    """Help with the pages, and people to call."""
    return render_template("shell/pages/help.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """Who can see what, and a person's rights."""
    return render_template("shell/pages/privacy.html", who_can_see=list_things)


@blueprint.get("/who-can-see")
def who_can_see() -> str:
    """Each thing that parents share, and who sees it."""
    return render_template("shell/pages/who_can_see.html", who_can_see=list_things)


@blueprint.get("/staying-safe-online")
def staying_safe() -> str:
    """How *Exit this page* works and what it cannot do."""
    return render_template("shell/pages/staying_safe.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("shell/pages/accessibility.html")


@blueprint.get("/cookies")
def cookies() -> str:
    """Both cookies, and what forms keep on the device."""
    return render_template("shell/pages/cookies.html")


@blueprint.get("/contact")
def contact() -> str:
    """Whom to ask about what."""
    return render_template("shell/pages/contact.html")


@blueprint.get("/leave")
def leave() -> Response:
    """Out of here at once: forget who this browser is and show the weather.

    A GET on purpose, so that it works as a plain link; it changes nothing but this browser's sign-in.
    """
    try:
        end_session(session)
    except Exception as error:
        # Whatever is broken, nobody who wants to leave is kept here; the row ends by itself.
        log.error("leave_without_database", exc_info=error)
        session.forget_cookie = True
    known_browsers.forget()
    response = redirect(SAFE_PLACE, 303)
    if WAITING not in request.args:
        response.headers["Clear-Site-Data"] = '"storage"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
