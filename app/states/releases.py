"""States of a release of results: draft -> publishing -> published -> withdrawn; blocked where nothing may be said."""

from __future__ import annotations

from enum import StrEnum


class ReleaseState(StrEnum):
    """Of one release; stored by value."""

    DRAFT = "draft"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    BLOCKED = "blocked"
    WITHDRAWN = "withdrawn"


#: Put together, and seen by nobody outside: it is put together anew when something changes.
OPEN = (ReleaseState.DRAFT, ReleaseState.BLOCKED)
#: Approved by somebody.
IS_APPROVED = (ReleaseState.PUBLISHING, ReleaseState.PUBLISHED)
#: From here the roll-up may publish.
MAY_PUBLISH = (ReleaseState.DRAFT, ReleaseState.PUBLISHING)
