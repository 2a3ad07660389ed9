"""What the people of a group are told."""

from __future__ import annotations

from app.cohorts.messages import leading, places, sessions
from app.messages.catalogue import Messages

MESSAGES = Messages((*places.KINDS, *sessions.KINDS, *leading.KINDS))
