"""Who may open the pages of `accounts`."""

from __future__ import annotations

from app.identity.roles import EVERYBODY, LINK_ROLES, PASSWORD_ROLES, SIGNED_IN, Role

#: Who reads concerns is texted when one cannot wait; nobody else is asked for a number.
CONCERN_READERS = frozenset({Role.SCHOOL_DSL, Role.NAMED_OFFICER})

ACCESS: dict[str, frozenset[Role | None]] = {
    "accounts.sign_in": EVERYBODY,
    "accounts.enter_code": EVERYBODY,
    "accounts.enter_recovery_code": EVERYBODY,
    "accounts.set_up_app": EVERYBODY,
    "accounts.set_up_image": EVERYBODY,
    "accounts.invitation": EVERYBODY,
    "accounts.add_to_my_account": PASSWORD_ROLES,
    "accounts.sign_in_first": EVERYBODY,
    "accounts.short_link": EVERYBODY,
    "accounts.letter_link": EVERYBODY,
    "accounts.answer_letter": EVERYBODY,
    "accounts.link": EVERYBODY,
    "accounts.not_me": EVERYBODY,
    "accounts.stop_fresh_start": EVERYBODY,
    "accounts.new_link": EVERYBODY,
    "accounts.link_sent": EVERYBODY,
    # Pressing *Sign out* after the session has ended by itself is no mistake.
    "accounts.sign_out": EVERYBODY,
    # Also of somebody whose role begins later: shown once, in the browser that set up the app.
    "accounts.recovery_codes": frozenset({*PASSWORD_ROLES, None}),
    "accounts.change_role": SIGNED_IN,
    "accounts.still_here": SIGNED_IN,
    "accounts.my_account": SIGNED_IN,
    "accounts.end_session": SIGNED_IN,
    "accounts.change_password": PASSWORD_ROLES,
    "accounts.new_recovery_codes": PASSWORD_ROLES,
    # The mobile number of those who read concerns.
    "accounts.my_mobile": CONCERN_READERS,
    "accounts.confirm_my_mobile": CONCERN_READERS,
    "accounts.remove_my_mobile": CONCERN_READERS,
    # Asking again who sits here.
    "accounts.confirm": SIGNED_IN,
    "accounts.confirm_by_recovery_code": PASSWORD_ROLES,
    "accounts.send_confirm_code": LINK_ROLES,
    # What parents and facilitators keep themselves, and the address they come in by.
    "accounts.enter_pin": LINK_ROLES,
    "accounts.choose_pin": LINK_ROLES,
    "accounts.new_words": LINK_ROLES,
    "accounts.confirm_by_words": LINK_ROLES,
    "accounts.confirm_by_pin": LINK_ROLES,
    "accounts.move_way_in": LINK_ROLES,
    "accounts.confirm_way_in": LINK_ROLES,
    "accounts.drop_address": LINK_ROLES,
    "accounts.lost": EVERYBODY,
    "accounts.lost_sent": EVERYBODY,
    "accounts.send_kept": SIGNED_IN,
    "accounts.drop_kept": SIGNED_IN,
    # Signing in with a directory of one's own: there and back, and which of them are connected.
    "accounts.start_elsewhere": EVERYBODY,
    "accounts.back_from_elsewhere": EVERYBODY,
    "accounts.accept_elsewhere": EVERYBODY,
    "accounts.confirm_elsewhere": PASSWORD_ROLES,
    "accounts.connect_elsewhere": PASSWORD_ROLES,
    "accounts.disconnect_elsewhere": PASSWORD_ROLES,
    # Passkeys.
    "accounts.passkey_options": EVERYBODY,
    "accounts.passkey_sign_in": EVERYBODY,
    # Also of parents and facilitators: it counts in place of their PIN.
    "accounts.confirm_passkey_options": SIGNED_IN,
    "accounts.confirm_by_passkey": SIGNED_IN,
    "accounts.add_passkey_options": SIGNED_IN,
    "accounts.add_passkey": PASSWORD_ROLES,
    "accounts.add_own_passkey": LINK_ROLES,
    "accounts.remove_passkey": SIGNED_IN,
    # A forgotten password.
    "accounts.forgotten_password": EVERYBODY,
    "accounts.reset_sent": EVERYBODY,
    "accounts.new_password": EVERYBODY,
}

#: A new way in, or one less, is no thing for whoever finds a screen open.
CONFIRM = frozenset(
    {
        "accounts.connect_elsewhere",
        "accounts.disconnect_elsewhere",
        "accounts.add_passkey",
        "accounts.remove_passkey",
        "accounts.change_password",
        "accounts.new_recovery_codes",
        "accounts.move_way_in",
        "accounts.confirm_way_in",
        "accounts.drop_address",
        "accounts.my_mobile",
        "accounts.remove_my_mobile",
    }
)


def may_become(role: Role, *, came_in_strongly: bool) -> bool:
    """Whether a session may change to `role`: people at work only after a password and a second factor."""
    return role not in PASSWORD_ROLES or came_in_strongly
