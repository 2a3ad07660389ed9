"""Who may open the pages of `messages`."""

from __future__ import annotations

from app.identity.roles import EVERYBODY, SCHOOL_STAFF, Role

COUNCIL: frozenset[Role | None] = frozenset({Role.AUTHORITY_ADMIN})

ACCESS: dict[str, frozenset[Role | None]] = {
    "messages.failed": SCHOOL_STAFF,
    "messages.search_messages": SCHOOL_STAFF,
    "messages.send_again": SCHOOL_STAFF,
    "messages.look_at_several": SCHOOL_STAFF,
    "messages.send_several_again": SCHOOL_STAFF,
    "messages.replies": SCHOOL_STAFF,
    "messages.search_replies": SCHOOL_STAFF,
    "messages.reply_done": SCHOOL_STAFF,
    "messages.usage": SCHOOL_STAFF,
    "messages.words": COUNCIL | SCHOOL_STAFF,
    "messages.words_of": COUNCIL | SCHOOL_STAFF,
    "messages.adapt": COUNCIL,
    "messages.ours_again": COUNCIL,
    "messages.notify_key": COUNCIL,
    "messages.take_back_key": COUNCIL,
    "messages.make_callback_token": COUNCIL,
    # The address proves whose messages it stops; nobody should have to sign in to say stop.
    "messages.stop": EVERYBODY,
    # The same by a mail program: it holds no cookie, so no form's token either.
    "messages.stop_at_once": EVERYBODY,
    # GOV.UK Notify says by itself what became of a message; the token that it bears opens these, and no session does.
    "messages.notify_delivery": EVERYBODY,
    "messages.notify_text": EVERYBODY,
    # Short addresses in messages; the page that they lead to asks who is there.
    "messages.go": EVERYBODY,
}

#: Whoever finds a screen open is not to say by whose service a council writes.
CONFIRM = frozenset({"messages.notify_key", "messages.take_back_key", "messages.make_callback_token"})
