"""On an address that two people share, who sits here is asked before anything is shown."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

#: What may be opened while that is not known.
BEFORE_THE_PIN = frozenset(
    {
        "accounts.enter_pin",
        "accounts.choose_pin",
        "accounts.confirm",
        "accounts.confirm_by_pin",
        "accounts.confirm_by_words",
        "accounts.confirm_passkey_options",
        "accounts.confirm_by_passkey",
        "accounts.send_confirm_code",
        "accounts.sign_out",
    }
)


def ask_for_pin() -> Response | None:
    """None while nothing is asked of this browser, or it is on its way to show who sits there."""
    wanted = session.get("guard")
    if not wanted or request.endpoint in BEFORE_THE_PIN or request.endpoint in ("static", "shell.theme"):
        return None
    return redirect(url_for("accounts.choose_pin" if wanted == "choose" else "accounts.enter_pin"), 303)
