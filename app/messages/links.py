"""Links in messages. Rows hold ids only: a one-time link is worked out from the row's id and the secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from app.states.messages import Channel, RecipientKind

#: 128 bits: beyond guessing, and 22 characters, so that a text message stays one text message.
TOKEN_BYTES = 16
#: Of the mark of an address in a stop link: it proves nothing, the signature does.
MARK_BYTES = 8
_CHANNEL_CODES = {Channel.EMAIL: b"e", Channel.SMS: b"s"}


class BadLink(ValueError):
    """A link that we did not make, or that lost a part on its way."""


@dataclass(frozen=True, slots=True)
class StopLink:
    """Whose messages a stop link stops, on which channel, and a mark of the address that it went to.

    The mark is empty where no link said stop: a reply, or staff.
    """

    school_id: UUID
    parent_id: UUID
    channel: Channel
    sent_to: bytes = b""


def _sign(secret_key: str, purpose: bytes, content: bytes) -> bytes:
    return hmac.digest(secret_key.encode(), purpose + b":" + content, "sha256")[:TOKEN_BYTES]


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise BadLink("not one of our links") from None


def link_token(secret_key: str, outbox_id: UUID, salt: bytes = b"") -> str:
    """The secret of the one-time link in message `outbox_id`: base64url of HMAC-SHA256, 128 bits, 22 characters.

    `salt`: of a link that an audience asked for, who chose the id; the dispatcher alone reads it.
    """
    return _encode(_sign(secret_key, b"link", outbox_id.bytes + salt))


#: Digits and letters that nobody takes for another: no 0, 1, i, l, o or u. 12 of these 30 have 58 bits.
LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
LETTER_CODE, APART = 12, 4


def letter_code(secret_key: str, letter_id: UUID, salt: bytes) -> str:
    """The secret of the one-time link in a printed letter, which people type; whoever prints it reads the salt."""
    number, code = int.from_bytes(_sign(secret_key, b"letter", letter_id.bytes + salt), "big"), ""
    for _place in range(LETTER_CODE):
        number, letter = divmod(number, len(LETTERS))
        code += LETTERS[letter]
    return code


def letter_address(base_url: str, code: str) -> str:
    """The address of a letter's link, in fours."""
    fours = "-".join(code[at : at + APART] for at in range(0, len(code), APART))
    return f"{base_url.rstrip('/')}/i/{fours}"


def typed_code(typed: str) -> str:
    """A letter's code however somebody typed it; empty where it can be none."""
    code = typed.lower().translate(_BETWEEN) if len(typed) <= LONGEST_CODE else ""
    return code if len(code) == LETTER_CODE and set(code) <= set(LETTERS) else ""


def presenter_token(secret_key: str, presenter_id: UUID) -> str:
    """The secret of the page of a presenter's booking; it is the same in each of their messages."""
    return _encode(_sign(secret_key, b"presenter", presenter_id.bytes))


def presenter_address(base_url: str, secret_key: str, presenter_id: UUID) -> str:
    """The address of that page."""
    return f"{base_url.rstrip('/')}/presenting/{presenter_token(secret_key, presenter_id)}"


def confirm_code(secret_key: str, outbox_id: UUID) -> str:
    """The six digits in message `outbox_id`, by which somebody who is signed in shows once more who they are."""
    return str(int.from_bytes(_sign(secret_key, b"confirm", outbox_id.bytes), "big") % 10**6).zfill(6)


def token_hash(token: str) -> bytes:
    """What `identity` keeps of a link's secret."""
    return hashlib.sha256(token.encode()).digest()


#: What people put between the letters of a code, and behind them, with how many letters in all.
_BETWEEN = dict.fromkeys(map(ord, " -\u2010\u2011\u2012\u2013\u2014\u2212._\t"))
LONGEST_CODE = 40
#: What stands behind a short address in a message for one who leads, or for a parent: texts count letters.
SIGNS = {RecipientKind.FACILITATOR: "f", RecipientKind.PARENT: "p"}


def token_address(base_url: str, token: str) -> str:
    """Where a one-time link leads: the page with a button of `accounts`, for parents and staff alike."""
    return f"{base_url.rstrip('/')}/l/{token}"


def place_address(base_url: str, place: str, to: RecipientKind | None = None) -> str:
    """The short address of a signed-in page; `messages.go` leads on from there.

    `to`: whom the message is for, where somebody of two roles finds it on the pages of one.
    """
    sign = SIGNS.get(to) if to else None
    return f"{base_url.rstrip('/')}/go/{place}" + (f"?{sign}" if sign else "")


def stop_page(
    base_url: str, secret_key: str, school_id: UUID, parent_id: UUID, channel: Channel, address: str | None
) -> str:
    """The page that stops what this school sends this parent at `address`."""
    link = StopLink(school_id, parent_id, channel, address_mark(secret_key, address or ""))
    return f"{base_url.rstrip('/')}/stop/{make_stop_token(secret_key, link)}"


def one_click_address(stop_page: str) -> str | None:
    """What a mail program posts to when somebody presses its own *Unsubscribe*; None where there is no https."""
    return f"{stop_page}/at-once" if stop_page.startswith("https://") else None


def address_mark(secret_key: str, address: str) -> bytes:
    """What a stop link keeps of the address that it goes to; nobody reads the address out of it."""
    return _sign(secret_key, b"stop-at", address.strip().lower().encode())[:MARK_BYTES]


def make_stop_token(secret_key: str, link: StopLink) -> str:
    """A stop link's secret: ids, the address's mark, a signature. It never runs out; saying stop must always work."""
    content = link.school_id.bytes + link.parent_id.bytes + _CHANNEL_CODES[link.channel] + link.sent_to
    return _encode(content + _sign(secret_key, b"stop", content))


def read_stop_token(secret_key: str, token: str) -> StopLink:
    """Whose messages to stop. Raises BadLink when we did not sign it."""
    raw = _decode(token)
    content, signature = raw[: 33 + MARK_BYTES], raw[33 + MARK_BYTES :]
    if len(content) != 33 + MARK_BYTES or not hmac.compare_digest(
        signature, _sign(secret_key, b"stop", content)
    ):
        raise BadLink("not one of our links")
    channels = {code: channel for channel, code in _CHANNEL_CODES.items()}
    return StopLink(
        UUID(bytes=content[:16]), UUID(bytes=content[16:32]), channels[content[32:33]], content[33:]
    )
