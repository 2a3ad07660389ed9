"""A council's own service at GOV.UK Notify: its key is checked there, kept sealed, and never shown again.

One key is used at a time. Another takes its place at once; what the one before carried is still asked about with it
(`workers/lines.py`), and it stands in while Notify refuses the new one before that ever carried a message. Taken back,
the service's own key is used again (decision 23).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.identity.secrets import keyed_hash, seal
from app.messages.callbacks import digest_of
from app.messages.models import NotifyCallback, NotifyKey
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.refusals import Refused
from infra.clock import now
from infra.ids import new_id
from infra.notify import ApiKey, KeyFault, Notify
from infra.settings import Settings

SET = define("messages:notify_key:set", ("key_id",))
TAKEN_BACK = define("messages:notify_key:taken_back", ("key_id",))
TOKEN_MADE = define("messages:notify_callback:made")
_HOLD = text("select pg_advisory_xact_lock(hashtextextended('notify key ' || :authority, 0))")
#: Seconds that one question to Notify may take while somebody waits for the page.
PATIENCE = 3

#: What is wrong, where on the form, and what to do.
FAULTS: dict[KeyFault, tuple[str, LazyString]] = {
    KeyFault.REFUSED: (
        "api_key",
        _l(
            "Notify does not take this key. It may have been taken away there: make a new one and paste it here."
        ),
    ),
    KeyFault.TEAM: (
        "api_key",
        _l("This key writes to your own team alone. In Notify, make one of the type “Live”."),
    ),
    KeyFault.TRIAL: (
        "api_key",
        _l("Your service is still in trial mode. In Notify, open Settings and ask for it to go live."),
    ),
    KeyFault.EMAIL_TEMPLATE: (
        "email_template_id",
        _l(
            "Your service has no such email template, or it needs more than ((subject)) and ((body)). Open it in"
            " Notify, mend it and copy its id."
        ),
    ),
    KeyFault.SMS_TEMPLATE: (
        "sms_template_id",
        _l(
            "Your service has no such text template, or it needs more than ((body)). Open it in Notify, mend it and"
            " copy its id."
        ),
    ),
    KeyFault.CLOCK: (
        "api_key",
        _l("Our clock is wrong, so Notify did not listen. Tell whoever runs this service, and try again."),
    ),
    KeyFault.NO_ANSWER: (
        "api_key",
        _l("Notify did not answer. Nothing is saved. Wait a minute and try again."),
    ),
}


@dataclass(frozen=True, slots=True)
class OwnKey:
    """What may be known of a key in use; never the key."""

    id: UUID
    service_id: UUID
    ending: str
    email_template_id: UUID
    sms_template_id: UUID
    by_name: str
    set_at: datetime
    #: When it first carried a message.
    proven_at: datetime | None
    refused_since: datetime | None


@dataclass(frozen=True, slots=True)
class Callback:
    """What to enter at Notify. `heard_at`: since when it is borne; `token` is empty from then on."""

    token_id: UUID
    token: str = field(repr=False)
    heard_at: datetime | None


_IN_USE = select(
    NotifyKey.id,
    NotifyKey.service_id,
    NotifyKey.ending,
    NotifyKey.email_template_id,
    NotifyKey.sms_template_id,
    NotifyKey.by_name,
    NotifyKey.set_at,
    NotifyKey.proven_at,
    NotifyKey.refused_since,
).where(NotifyKey.ended_at.is_(None))


def find_key(session: Session, authority_id: UUID) -> OwnKey | None:
    """The key that this council's messages go by; None where the service's own is used."""
    row = session.execute(_IN_USE.where(NotifyKey.authority_id == authority_id)).one_or_none()
    return OwnKey(*row) if row else None


def set_key(
    session: Session,
    authority_id: UUID,
    by: str,
    settings: Settings,
    *,
    api_key: str,
    email_template_id: str,
    sms_template_id: str,
) -> None:
    """Use this key from now on. Raises Refused where Notify does not take it, and what a colleague did meanwhile."""
    key = ApiKey.parse(api_key)
    if key.service_id == ApiKey.parse(settings.secret("notify_api_key")).service_id:
        raise Refused(str(_l("This key belongs to We Belong itself. Use one of your council’s own service.")))
    notify = Notify(
        base_url=settings.notify_base_url,
        api_key=key.text,
        email_template_id=email_template_id,
        sms_template_id=sms_template_id,
        timeout=PATIENCE,
    )
    if fault := notify.find_fault():
        field, words = FAULTS[fault]
        raise Refused(str(words), field)
    moment, key_id = now(), new_id()
    _end(session, authority_id, moment)
    session.execute(
        insert(NotifyKey).values(
            authority_id=authority_id,
            id=key_id,
            service_id=key.service_id,
            ending=key.text[-4:],
            sealed=seal(settings.secret("secret_key"), key.text),
            email_template_id=UUID(email_template_id),
            sms_template_id=UUID(sms_template_id),
            by_name=by,
            set_at=moment,
        )
    )
    record(session, SET, subject_id=authority_id, key_id=key_id)


def take_back(session: Session, authority_id: UUID) -> bool:
    """Use the service's own key again; False where it is used already."""
    ended = _end(session, authority_id, now())
    if ended is not None:
        record(session, TAKEN_BACK, subject_id=authority_id, key_id=ended)
    return ended is not None


def find_callback(session: Session, authority_id: UUID, settings: Settings) -> Callback | None:
    """The token by which this council's service at Notify says what became of its messages; None while it has none."""
    row = session.execute(
        select(NotifyCallback.token_id, NotifyCallback.heard_at).where(
            NotifyCallback.authority_id == authority_id
        )
    ).one_or_none()
    if row is None:
        return None
    # What stands at Notify is read by nobody here: whoever passes an open screen could speak for Notify with it.
    token = "" if row.heard_at else _token(settings, authority_id, row.token_id)
    return Callback(row.token_id, token, row.heard_at)


def make_token(session: Session, authority_id: UUID, by: str, settings: Settings) -> None:
    """A token, or another one; that of before is taken until the new one was heard. Raises Refused."""
    session.execute(_HOLD, {"authority": str(authority_id)})
    before = session.execute(
        select(
            NotifyCallback.token_id,
            NotifyCallback.token_hash,
            NotifyCallback.before_hash,
            NotifyCallback.heard_at,
        ).where(NotifyCallback.authority_id == authority_id)
    ).one_or_none()
    if not is_as_shown(before.token_id if before else None):
        raise Refused(changed_since())
    token_id = new_id()
    # One that was never heard stands at Notify no more than the new one: what is there is the one before it.
    was_heard = before is not None and (before.heard_at is not None or before.before_hash is None)
    values = {
        "token_id": token_id,
        "token_hash": digest_of(_token(settings, authority_id, token_id)),
        "before_hash": before and (before.token_hash if was_heard else before.before_hash),
        "by_name": by,
        "made_at": now(),
        "heard_at": None,
    }
    if before is None:
        session.execute(insert(NotifyCallback).values(authority_id=authority_id, **values))
    else:
        session.execute(
            update(NotifyCallback)
            .where(NotifyCallback.authority_id == authority_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    record(session, TOKEN_MADE, subject_id=authority_id)


def _token(settings: Settings, authority_id: UUID, token_id: UUID) -> str:
    """Drawn with our key, so that it can be shown again and stands nowhere."""
    drawn = keyed_hash(settings.secret("secret_key"), "notify-callback", authority_id, token_id)
    return drawn.hex()


def _end(session: Session, authority_id: UUID, moment: datetime) -> UUID | None:
    """End the key in use, as the page of this press showed it; its id. Raises Refused."""
    # Of two who press at once, the second reads what the first did.
    session.execute(_HOLD, {"authority": str(authority_id)})
    key = find_key(session, authority_id)
    if not is_as_shown(key.id if key else None):
        raise Refused(changed_since())
    if key is None:
        return None
    session.execute(
        update(NotifyKey)
        .where(NotifyKey.authority_id == authority_id, NotifyKey.id == key.id, NotifyKey.ended_at.is_(None))
        .values(ended_at=moment)
        .execution_options(synchronize_session=False)
    )
    return key.id
