"""Who a transaction serves: an audience (a database role) and the ids that its row policies look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Audience(StrEnum):
    """The database role that a transaction assumes. The value is the role's name."""

    PUBLIC = "wb_public"
    AUTHORITY = "wb_authority"
    OFFICER = "wb_officer"
    SCHOOL = "wb_school"
    DSL = "wb_dsl"
    HEAD = "wb_head"
    OFFICE = "wb_office"
    FACILITATOR = "wb_facilitator"
    PARENT = "wb_parent"
    COMMISSIONER = "wb_commissioner"
    # Processes of their own, with logins of their own; the web role cannot assume these.
    DISPATCH = "wb_dispatch"
    DOCUMENTS = "wb_documents"
    ROLLUP = "wb_rollup"
    OWNER = "wb_owner"


#: Audiences that the web login may assume.
WEB_AUDIENCES = (
    Audience.PUBLIC,
    Audience.AUTHORITY,
    Audience.OFFICER,
    Audience.SCHOOL,
    Audience.DSL,
    Audience.HEAD,
    Audience.OFFICE,
    Audience.FACILITATOR,
    Audience.PARENT,
    Audience.COMMISSIONER,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """One audience with its ids. `person_id` is the row of that person in the tenant (staff member, parent …).

    `browser`: the hash of the browser's session that this person presses in. What gives somebody a way in, or takes a
    second person, is written by nobody without it (`identity.is_pressed`).
    """

    audience: Audience
    authority_id: UUID | None = None
    school_id: UUID | None = None
    person_id: UUID | None = None
    browser: bytes | None = field(default=None, compare=False, repr=False)

    def as_parameters(self) -> dict[str, str]:
        """The values for the statement that assumes this scope; empty text stands for none."""
        return {
            "role": self.audience.value,
            "authority": str(self.authority_id or ""),
            "school": str(self.school_id or ""),
            "person": str(self.person_id or ""),
            "browser": (self.browser or b"").hex(),
        }


PUBLIC = Scope(Audience.PUBLIC)
