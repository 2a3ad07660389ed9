"""The evening of session 4."""

from __future__ import annotations

from tests.support.evenings import after_the_session, at, day_of_session_4, look  # noqa: F401 - fixtures
