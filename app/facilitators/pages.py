"""What a page reads ahead of whoever leads a group."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from app.facilitators.models import Facilitator
from app.facilitators.queries import get_facilitator
from tenants.pages import Part, looked, only

#: Who looks.
SELF = Part(
    get_facilitator,
    select(Facilitator).where(
        Facilitator.school_id == bindparam("school_id"), Facilitator.id == bindparam("facilitator_id")
    ),
    takes=("school_id", "person_id"),
    names={"facilitator_id": "person_id"},
    answer=only(looked(Facilitator)),
)
