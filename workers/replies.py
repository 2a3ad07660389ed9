"""Reads what people answer to texts: a STOP stops texts, in every school that has this number."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.messages.links import StopLink
from app.messages.models import Channel
from app.messages.replies import parents_to_stop, says_stop
from app.messages.services import stop
from infra.logs import get_logger
from infra.notify import Notify, NotifyTrouble, Reply
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

log = get_logger()

SCHOOLS = text("select school_id, authority_id from school where stage <> 'prospect' order by school_id")


@dataclass(slots=True)
class ReplyReader:
    """Looks at new replies. `finder` logs in as wb_documents, `web` as wb_web, who alone may act as a parent.

    The last reply seen is kept in memory: after a restart the newest page is read again, which changes nothing.
    """

    finder: Engine
    web: Engine
    notify: Notify
    _seen: set[str] = field(default_factory=set)

    def read(self) -> int:
        """Stop texts for those who said so; how many parents. A reply that meets trouble is read again."""
        try:
            replies = [reply for reply in self.notify.list_replies() if reply.id not in self._seen]
        except NotifyTrouble:
            return 0
        stopped = 0
        for reply in replies:
            try:
                stopped += self._stop(reply) if says_stop(reply.words) else 0
            except SQLAlchemyError as error:
                log.error("reply_not_read", exc_info=error)
                continue
            self._seen.add(reply.id)
        return stopped

    def _stop(self, reply: Reply) -> int:
        links = [
            StopLink(school_id, parent_id, Channel.SMS)
            for school_id, authority_id in self._schools()
            for parent_id in self._parents(school_id, authority_id, reply)
        ]
        for link in links:
            scope = Scope(Audience.PARENT, school_id=link.school_id, person_id=link.parent_id)
            with ScopedSession(self.web, scope=scope) as session:
                stop(session, link)
                session.commit()
        return len(links)

    def _schools(self) -> list[tuple[UUID, UUID]]:
        with ScopedSession(self.finder, scope=Scope(Audience.DOCUMENTS)) as session:
            return [(row.school_id, row.authority_id) for row in session.execute(SCHOOLS)]

    def _parents(self, school_id: UUID, authority_id: UUID, reply: Reply) -> list[UUID]:
        with ScopedSession(self.finder, scope=Scope(Audience.DOCUMENTS, authority_id, school_id)) as session:
            return parents_to_stop(session, school_id, phone=reply.phone, at=reply.at)
