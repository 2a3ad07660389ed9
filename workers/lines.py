"""With which key at GOV.UK Notify a council's messages go, and what is known of each key: its rests, its limits.

A council's own key, while it has one; else the service's. One that Notify refuses holds up that council alone. A new
key that Notify never took yet gives way to the one that it took the place of, until it is tried again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, column, not_, or_, select, table, text
from sqlalchemy.orm import Session

from app.identity.secrets import Unreadable, unseal
from app.states.messages import Channel
from infra.clock import now
from infra.logs import get_logger
from infra.notify import DailyLimit, KeyRefused, Notify, RateLimited, TryLater, midnight_after

log = get_logger()

#: Notify asked us to wait: so long at first.
FIRST_WAIT = timedelta(seconds=15)
#: After so long a key that was refused is tried again.
TRY_REFUSED_AGAIN = timedelta(minutes=2)
#: For so long one that ended is kept to ask about what it carried; Notify itself keeps a message for a week.
KEPT = timedelta(days=8)

KEYS = text(
    "select authority_id, id, service_id, sealed, email_template_id, sms_template_id, set_at, ended_at, proven_at,"
    " refused_since, coalesce(refused_at > app.now() - :again, false) as is_refused,"
    " coalesce(email_until > app.now(), false) as email_held, coalesce(sms_until > app.now(), false) as sms_held,"
    " coalesce(ended_at < app.now() - :kept, false) as is_old, exists (select from notify_callback c"
    " where c.authority_id = notify_key.authority_id and c.heard_at is not null) as is_told"
    " from notify_key where sealed <> '' order by authority_id, set_at, id"
)
HELD = text("select channel from channel_hold where until > app.now()")
HOLD = text(
    "insert into channel_hold (channel, until) values (:channel, :until)"
    " on conflict (channel) do update set until = excluded.until"
)
HOLD_KEY = {
    Channel.EMAIL: text("update notify_key set email_until = :until where id = :key"),
    Channel.SMS: text("update notify_key set sms_until = :until where id = :key"),
}
REFUSED = text(
    "update notify_key set refused_since = coalesce(refused_since, app.now()), refused_at = app.now()"
    " where id = :key"
)
PROVEN = text(
    "update notify_key set proven_at = coalesce(proven_at, app.now()), refused_since = null, refused_at = null"
    " where id = :key and (proven_at is null or refused_since is not null)"
)
EMPTY = text("update notify_key set sealed = '' where id = any(:keys) and ended_at < app.now() - :kept")

_SCHOOL = table("school", column("school_id"), column("authority_id"))


@dataclass(frozen=True, slots=True)
class Line:
    """A service at Notify that messages go by. Without `key_id` it is this service's own."""

    notify: Notify
    key_id: UUID | None = None
    authority_id: UUID | None = None
    service_id: UUID | None = None
    set_at: datetime | None = None
    ended_at: datetime | None = None
    is_proven: bool = True
    #: Refused a moment ago.
    is_refused: bool = False
    #: Refused since, and not taken again.
    is_marked: bool = False
    held: frozenset[Channel] = frozenset()
    #: Whether Notify says by itself what becomes of its messages.
    is_told: bool = False

    @property
    def is_used(self) -> bool:
        return self.ended_at is None

    def held_channels(self) -> Collection[Channel]:
        """Of what nothing is offered now."""
        return tuple(Channel) if self.is_refused else self.held


@dataclass(slots=True)
class Rests:
    """Until when this process hands nothing over by a key: of one channel, or of any (None). What is known not to be
    taken is not offered again and again."""

    until: dict[tuple[UUID | None, Channel | None], datetime] = field(default_factory=dict)

    def of(self, line: Line, channel: Channel) -> datetime | None:
        """When one of this channel may be tried again; None for now."""
        keys = [(line.key_id, None), (line.key_id, channel)]
        found = max((self.until[one] for one in keys if one in self.until), default=None)
        return found if found and found > now() else None

    def after(self, trouble: TryLater, line: Line, channel: Channel) -> None:
        """Rest as long as this answer asks for."""
        moment = now()
        if isinstance(trouble, DailyLimit):
            self.until[line.key_id, channel] = midnight_after(moment)
        elif isinstance(trouble, RateLimited | KeyRefused):
            self.until[line.key_id, None] = moment + FIRST_WAIT


@dataclass(slots=True)
class Lines:
    """Every line that there is. `load` before each batch: somebody may have entered a key, or taken one back."""

    own: Notify
    secret_key: str = field(repr=False)
    _by_key: dict[UUID, Line] = field(default_factory=dict)
    _own_held: frozenset[Channel] = frozenset()

    def load(self, session: Session, *, holds: bool = True) -> None:
        """Read keys and what is known of them, in a scope that sees those of all councils; `holds`: also whether the
        service's own takes no more today, which is the dispatcher's to know."""
        if holds:
            self._own_held = frozenset(Channel(row.channel) for row in session.execute(HELD))
        known = dict(self._by_key)
        self._by_key = {}
        for row in session.execute(KEYS, {"again": TRY_REFUSED_AGAIN, "kept": KEPT}).all():
            if row.is_old:
                continue
            notify = known[row.id].notify if row.id in known else self._open(row)
            if notify is None:
                continue
            self._by_key[row.id] = Line(
                notify,
                row.id,
                row.authority_id,
                row.service_id,
                row.set_at,
                row.ended_at,
                is_proven=row.proven_at is not None,
                is_refused=row.is_refused,
                is_marked=row.refused_since is not None,
                held=frozenset(
                    channel
                    for channel, is_held in ((Channel.EMAIL, row.email_held), (Channel.SMS, row.sms_held))
                    if is_held
                ),
                is_told=row.is_told,
            )

    @property
    def own_line(self) -> Line:
        return Line(self.own, held=self._own_held)

    def used(self) -> list[Line]:
        """The line of each council that has one."""
        return [self._standing_in(line) for line in self._by_key.values() if line.is_used]

    def of(self, authority_id: UUID) -> Line:
        """What a council's messages go by now."""
        return next((line for line in self.used() if line.authority_id == authority_id), self.own_line)

    def of_council(self, authority_id: UUID) -> Line | None:
        """A line of this council's own: that of now, or the last."""
        found = [line for line in self._by_key.values() if line.authority_id == authority_id]
        return found[-1] if found else None

    def listening(self) -> list[Line]:
        """By which lines to ask for texts that people wrote: each council's service, for a while after it ended too."""
        found = {(line.authority_id, line.service_id): line for line in self._by_key.values()}
        return [*found.values()]

    def asking(self, key_id: UUID | None) -> Line | None:
        """Where to ask about what went with this key: by the newest key of the same service. None: nowhere any more."""
        if key_id is None:
            return self.own_line
        line = self._by_key.get(key_id)
        if line is None:
            return None
        of_service = [
            one
            for one in self._by_key.values()
            if (one.service_id, one.authority_id) == (line.service_id, line.authority_id)
        ]
        return next((one for one in of_service if one.is_used and not one.is_marked), line)

    def is_told(self, key_id: UUID) -> bool:
        """Whether Notify says by itself what became of what went with this key."""
        return key_id in self._by_key and self._by_key[key_id].is_told

    def held(self, rows: Table, owner: str) -> ColumnElement[bool] | None:
        """Rows of which nothing is offered now; None where all may go."""
        c, used = rows.c, self.used()
        own = {line.authority_id for line in used if line.authority_id is not None}
        parts = [and_(c.channel == one, not_(rows_of(rows, owner, own))) for one in sorted(self._own_held)]
        parts += [
            and_(c.channel.in_(sorted(line.held_channels())), rows_of(rows, owner, [line.authority_id]))
            for line in used
            if line.held_channels()
        ]
        return or_(*parts) if parts else None

    def empty_old(self, session: Session) -> None:
        """Forget the secret of keys that nobody asks with any more."""
        rows = session.execute(KEYS, {"again": TRY_REFUSED_AGAIN, "kept": KEPT}).all()
        if old := [row.id for row in rows if row.is_old]:
            session.execute(EMPTY, {"keys": old, "kept": KEPT})

    def _standing_in(self, line: Line) -> Line:
        """The line of before, where this one was refused and never carried a message."""
        if line.is_proven or not line.is_refused:
            return line
        before = [
            one
            for one in self._by_key.values()
            # One that was taken back ended at another moment than this one began.
            if one.authority_id == line.authority_id and one.ended_at == line.set_at and not one.is_marked
        ]
        return before[0] if before else line

    def _open(self, row: object) -> Notify | None:
        try:
            key = unseal(self.secret_key, row.sealed)  # type: ignore[attr-defined]
        except Unreadable:
            log.error("notify_key_unreadable", row_id=str(row.id))  # type: ignore[attr-defined]
            return None
        return self.own.with_key(
            key,
            email_template_id=str(row.email_template_id),  # type: ignore[attr-defined]
            sms_template_id=str(row.sms_template_id),  # type: ignore[attr-defined]
        )


def note(session: Session, line: Line, trouble: TryLater, channel: Channel) -> None:
    """Write down what every worker, and the council's page, is to know of this line."""
    if isinstance(trouble, DailyLimit):
        until = midnight_after(now())
        if line.key_id is None:
            session.execute(HOLD, {"channel": channel.value, "until": until})
        else:
            session.execute(HOLD_KEY[channel], {"key": line.key_id, "until": until})
    elif isinstance(trouble, KeyRefused) and line.key_id is not None:
        session.execute(REFUSED, {"key": line.key_id})


def note_carried(session: Session, lines: Iterable[Line]) -> None:
    """Write down that these took a message."""
    for line in lines:
        if line.key_id is not None and (line.is_marked or not line.is_proven):
            session.execute(PROVEN, {"key": line.key_id})


def rows_of(rows: Table, owner: str, authorities: Collection[UUID | None]) -> ColumnElement[bool]:
    """Rows of these councils and their schools."""
    if owner == "authority_id":
        return rows.c.authority_id.in_(authorities)
    schools = select(_SCHOOL.c.school_id).where(_SCHOOL.c.authority_id.in_(authorities))
    return rows.c.school_id.in_(schools)
