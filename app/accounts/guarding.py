"""On an address that another person has too, who sits here is asked before anything is shown.

So is whoever chose a PIN: it is asked at each sign-in by a link, since others may read the phone or mailbox that the
link came to.

Whether it is shared is looked up at every request: a second person may be entered while this browser is open. The row
policies ask for a PIN or passkey by themselves (`identity.my_way`).
"""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import keys
from app.identity import known_browsers
from app.identity.current import me, session
from app.shell.navigation import has_begun

#: What may be opened while that is not known, beside what is open to everybody.
BEFORE_THE_PIN = frozenset(
    {
        "accounts.enter_pin",
        "accounts.choose_pin",
        "accounts.confirm",
        "accounts.confirm_by_pin",
        "accounts.confirm_by_words",
        "accounts.confirm_passkey_options",
        # A first key of one's own may be a passkey; its page asks as the PIN's does.
        "accounts.add_own_passkey",
        "accounts.add_passkey_options",
        "accounts.confirm_by_passkey",
        "accounts.send_confirm_code",
        # Nothing may stand in the way of a concern.
        "safeguarding.start",
        "safeguarding.raise_concern",
        "safeguarding.received",
    }
)

#: What else may be opened where nobody can tell who sits here, for somebody who has no key to show: no private part.
WHEN_SHUT = frozenset(
    {
        "meetings.my_group",
        "meetings.my_session",
        "meetings.my_calendar",
        "meetings.cannot_come",
        "meetings.can_come",
        "meetings.my_notes",
        # What everybody in the group was written, at this address too.
        "group_messages.mine",
        "recruitment.leave_group",
    }
)

#: What somebody who has not joined opens before they choose a PIN: there is nothing private of theirs yet.
BEFORE_JOINING = frozenset(
    {
        "homes.parent",
        "recruitment.welcome",
        "recruitment.tell_me_more",
        "recruitment.say_no",
        "recruitment.come_back",
    }
)

#: Where the session keeps that this very person was told apart from whoever shares their phone or mailbox.
KNOWN = "told_apart"
#: Where it keeps by which addresses whoever has just come in comes in.
WAYS = "ways_in"
#: Where it keeps that somebody came in by a link whose account has a PIN.
HAS_PIN = "has_pin"


def ask_for_pin() -> Response | None:
    """None while nothing is asked of this browser, or it is on its way to show who sits there."""
    if request.endpoint in BEFORE_THE_PIN:
        return None
    if not (wanted := what_is_asked()):
        _remember_browser()
        return None
    if wanted == "shut" and request.endpoint in WHEN_SHUT:
        return None
    if wanted == "choose" and request.endpoint in BEFORE_JOINING and not has_begun(me()):
        return None
    return redirect(url_for("accounts.choose_pin" if wanted == "choose" else "accounts.enter_pin"), 303)


def _remember_browser() -> None:
    """They are in: from now on this browser has tries of its own, as this person and from their addresses."""
    if WAYS in session:
        ways = [tuple(way) for way in session.pop(WAYS)]
        known_browsers.remember(("account", me().account_id), *ways)


def what_is_asked() -> str:
    """What of `Guard.asks_for` stands between this browser and its pages now."""
    if not (session.shares_address or session.get(HAS_PIN)):
        return ""
    guard = keys.guard()
    if session.get(KNOWN):
        # By words or a code, which are for once: their private parts still want a PIN or passkey.
        return "choose" if guard.is_shared and not guard.has_key else ""
    return guard.asks_for


def ask_at_the_door() -> None:
    """Somebody came in by a link: ask for the PIN of their account, if it has one, before anything is shown."""
    if keys.guard().has_pin:
        session[HAS_PIN] = True


def told_apart() -> None:
    """Remember that whoever sits at this browser has shown which of those at one address they are."""
    session[KNOWN] = True
