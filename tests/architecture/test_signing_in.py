"""Signing in has a login of its own; only `accounts` and `identity`, on which it stands, ask through it."""

from __future__ import annotations

import re

from tests.architecture.test_house import PRODUCT
from tests.isolation.grants import read_file

#: What gives the login away: the door, the engine behind it, the setting, the role.
SIGNS = re.compile(
    r"ask_signing_in|signin_engine|gate\.ENGINE|database_signin_url|DATABASE_SIGNIN_URL|wb_signin"
)
#: Beside these two: who makes the login, hands its address on, or says whether it can log in.
OWN = ("app/accounts/", "app/identity/")
MAY_NAME_IT = {
    "app/factory.py",
    "demo/run.py",
    "app/cli/doctor.py",
    "infra/settings.py",
    "tenants/roles.py",
}

#: All that a statement in a page can call of browser sessions. `app.enter` runs with the caller's rights: it opens one
#: and sets the role, which the login may do.
OF_PAGES = {
    "app.audience_of",
    "app.enter",
    "identity.open_session",
    "identity.touch_session",
    "identity.save_session",
    "identity.end_session",
    # Of a calendar's address: dates in the scope of whose it is, and no session.
    "identity.open_feed",
    # Of a school's sign-up page: its name, and a row that is nobody's account and is never read back.
    "identity.open_signup",
    "identity.sign_up",
    # Of a presenter's booking: its session and school, and their yes or no.
    "identity.open_presenting",
    "identity.answer_presenting",
}
#: The doors of links and of codes by message, which move with their own revision.
OF_LINKS = {
    "identity.own_addresses",
    "identity.peek_token",
    "identity.request_confirm_code",
    "identity.request_link",
    "identity.use_confirm_code",
    "identity.use_link",
    "identity.use_link_code",
}


def test_only_signing_in_asks_as_its_login():
    found = {name for name, source in PRODUCT.items() if SIGNS.search(source)}

    assert {name for name in found if not name.startswith(OWN)} == MAY_NAME_IT


def test_nothing_outside_opens_the_gate():
    opening = {
        name
        for name, source in PRODUCT.items()
        if re.search(r"identity\.gate|identity import .*gate", source)
    }

    # Twice answered the same: what the first press got is kept in the row of its browser.
    assert {name for name in opening if not name.startswith(OWN)} == {
        "app/factory.py",
        "app/shell/pressed_twice.py",
    }


def test_pages_open_keep_and_end_a_session_and_no_more():
    functions = read_file()["function"]

    assert {name for name, roles in functions.items() if "wb_web" in roles} - OF_LINKS - {
        "app.now"
    } == OF_PAGES


def test_the_login_of_signing_in_has_functions_alone():
    file = read_file()

    assert not [name for name, entry in file["table"].items() if "wb_signin" in entry]
    assert not [name for name, roles in file["function"].items() if "wb_signin" in roles and len(roles) > 1]
