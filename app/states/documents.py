"""States of a document: made by us it is queued, then made; sent to us it is quarantined, then checked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class DocumentState(StrEnum):
    """Of one document of a school or a council; stored by value."""

    QUEUED = "queued"
    MAKING = "making"
    QUARANTINED = "quarantined"
    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"


#: In which state it waits -> in which a worker has it.
TAKEN: Mapping[str, str] = {
    DocumentState.QUEUED: DocumentState.MAKING,
    DocumentState.QUARANTINED: DocumentState.CHECKING,
}
#: Sent to us, and not looked at to the end.
UNSEEN = (DocumentState.QUARANTINED, DocumentState.CHECKING)
#: Nothing more happens to it.
SETTLED = (DocumentState.READY, DocumentState.REFUSED)
