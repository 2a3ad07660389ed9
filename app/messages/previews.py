"""What somebody would get, before it is written: the same facts, rules and words as when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.messages.adapting import list_in_force
from app.messages.allowed import waits_for, why_not
from app.messages.catalogue import get_kind, places
from app.messages.facts import gather
from app.messages.links import link_token, token_address
from app.messages.parts import Message
from app.messages.problems import Explained, Problem, explain
from app.messages.words import Words, render
from app.states.messages import Channel, RecipientKind
from infra.clock import now
from infra.ids import new_id


@dataclass(frozen=True, slots=True)
class Preview:
    """One channel: its words, or why nothing goes that way."""

    channel: Channel
    address: str
    words: Words | None
    why_not: Explained | None


def previews(
    session: Session,
    kind_name: str,
    *,
    school_id: UUID,
    authority_id: UUID,
    recipient_kind: RecipientKind | str,
    recipient_id: UUID,
    subject_id: UUID | None = None,
    link_life: timedelta = timedelta(days=14),
) -> Sequence[Preview]:
    """Every channel that this kind has, for this reader, as it would be rendered now.

    A one-time link is made only when the message is: in its place stand words, and it takes as much room as the real
    one.
    """
    kind, settings = get_kind(kind_name), current_app.extensions["settings"]
    secret_key = settings.secret("secret_key")
    messages = [
        Message(
            owner_id=school_id,
            authority_id=authority_id,
            is_authority=False,
            id=new_id(),
            kind=kind.name,
            channel=channel,
            recipient_kind=RecipientKind(recipient_kind),
            recipient_id=recipient_id,
            subject_id=subject_id,
            attempt=0,
            not_after=None,
        )
        for channel in kind.channels
    ]
    gathered = gather(
        session, messages, base_url=settings.base_url, secret_key=secret_key, pretended=link_life
    )
    shown = []
    for message in messages:
        channel, facts = message.channel, gathered[message.id]
        address = facts.address(channel)
        problem = why_not(kind, channel, facts, now())
        if problem is None and waits_for(kind, facts, now()) is not None:
            problem = Problem.FRESH_START
        if problem:
            shown.append(Preview(channel, address, None, explain(problem, channel)))
            continue
        words = render(
            kind,
            channel,
            facts.fields,
            facts.language,
            is_first_text=facts.is_first_text,
            own=facts.own,
        )
        body = words.body
        if kind.needs_token:
            link = token_address(settings.base_url, link_token(secret_key, message.token_id))
            body = body.replace(link, _("[their own link]"))
        body = body.replace(
            facts.fields.get("stop_link") or link_token("", message.id), _("[their own link]")
        )
        shown.append(Preview(channel, address, Words(words.subject, body), None))
    return shown


def to_everybody(
    session: Session, kind_name: str, school_id: UUID, *, authority_id: UUID, **fields: str
) -> dict[Channel, Words]:
    """How a message to many of a school would read on each channel, with what is each reader's own left open.

    By the same words and rules as when it is sent. In the scope of whoever may read their school. Raises KeyError where
    the words use something that was not given: a paragraph left out would be sent all the same.
    """
    kind, place = get_kind(kind_name), places().school(session, school_id)
    own = _("[their own link]")
    known = {**(place.fields if place else {}), **fields}
    known |= {"first_name": _("[first name]"), "link": own, "stop_link": own}
    said = list_in_force(session, authority_id, {kind_name}).get(kind_name)
    return {channel: render(kind, channel, known, own=said) for channel in kind.channels}
