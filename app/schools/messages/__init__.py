"""What schools and councils are told: how a school begins, pauses or leaves, and who is to see more."""

from __future__ import annotations

from app.messages.catalogue import Messages
from app.schools.messages import appointments, onboarding, stages

MESSAGES = Messages((*onboarding.KINDS, *stages.KINDS, *appointments.KINDS))
