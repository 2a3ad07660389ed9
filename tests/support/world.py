"""Two authorities with two schools each, and somebody in every role: what every access test is asked against.

Every text that belongs to one school or authority carries that place's canary, so a page that shows it to anybody
else gives itself away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from app.identity.roles import Role
from app.identity.websession import NO_SCHOOL
from tenants.scope import Scope


@dataclass(frozen=True)
class Person:
    """Somebody with an account and one membership."""

    role: Role
    name: str
    email: str | None
    phone: str | None
    account_id: UUID
    membership_id: UUID
    person_id: UUID
    authority_id: UUID
    school_id: UUID | None

    @property
    def scope(self) -> Scope:
        return Scope(
            self.role.audience,
            self.authority_id,
            self.school_id,
            self.person_id,
            browser=self.membership_id.bytes,
        )

    @property
    def own_school_id(self) -> UUID:
        """As `Identity.own_school_id`."""
        return self.school_id or NO_SCHOOL


@dataclass
class School:
    """A school of the world: its people by role, and ids of its rows by name (`cohort_id`, `session_id` …)."""

    school_id: UUID
    authority_id: UUID
    name: str
    urn: int
    canary: str
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def family_canary(self) -> str:
        """In the names of parents and carers: no authority, no commissioner, no other school."""
        return f"family-{self.canary}"

    @property
    def concern_canary(self) -> str:
        """In the words of a concern: the safeguarding lead alone."""
        return f"concern-{self.canary}"

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass
class Authority:
    authority_id: UUID
    name: str
    la_code: str
    canary: str
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    schools: list[School] = field(default_factory=list)

    @property
    def admin(self) -> Person:
        return self.people["authority_admin"]

    @property
    def commissioner(self) -> Person:
        return self.people["commissioner"]

    @property
    def officer(self) -> Person:
        return self.people["named_officer"]


@dataclass
class World:
    authority: Authority
    other_authority: Authority

    @property
    def school(self) -> School:
        return self.authority.schools[0]

    @property
    def sibling_school(self) -> School:
        return self.authority.schools[1]

    @property
    def other_school(self) -> School:
        return self.other_authority.schools[0]
