"""The roles that people have, and the audience that each is served as."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from tenants.scope import Audience


class Role(StrEnum):
    """What a person is to an authority or a school. A person may have several, and acts as one at a time."""

    AUTHORITY_ADMIN = "authority_admin"
    NAMED_OFFICER = "named_officer"
    COMMISSIONER = "commissioner"
    SCHOOL_LEAD = "school_lead"
    SENCO = "senco"
    ATTENDANCE_LEAD = "attendance_lead"
    SCHOOL_DSL = "school_dsl"
    HEAD_TEACHER = "head_teacher"
    SCHOOL_OFFICE = "school_office"
    FACILITATOR = "facilitator"
    PARENT = "parent"

    @property
    def audience(self) -> Audience:
        return AUDIENCES[self]

    @property
    def label(self) -> str:
        return str(LABELS[self])


AUDIENCES = {
    Role.AUTHORITY_ADMIN: Audience.AUTHORITY,
    Role.NAMED_OFFICER: Audience.OFFICER,
    Role.COMMISSIONER: Audience.COMMISSIONER,
    Role.SCHOOL_LEAD: Audience.SCHOOL,
    Role.SENCO: Audience.SCHOOL,
    Role.ATTENDANCE_LEAD: Audience.SCHOOL,
    Role.SCHOOL_DSL: Audience.DSL,
    Role.HEAD_TEACHER: Audience.HEAD,
    Role.SCHOOL_OFFICE: Audience.OFFICE,
    Role.FACILITATOR: Audience.FACILITATOR,
    Role.PARENT: Audience.PARENT,
}

LABELS = {
    Role.AUTHORITY_ADMIN: _l("Authority lead"),
    Role.NAMED_OFFICER: _l("Named officer (LADO)"),
    Role.COMMISSIONER: _l("Commissioner"),
    Role.SCHOOL_LEAD: _l("School lead"),
    Role.SENCO: _l("SENCO"),
    Role.ATTENDANCE_LEAD: _l("Attendance lead"),
    Role.SCHOOL_DSL: _l("Safeguarding lead (DSL)"),
    Role.HEAD_TEACHER: _l("Head teacher"),
    Role.SCHOOL_OFFICE: _l("School office"),
    Role.FACILITATOR: _l("Facilitator"),
    Role.PARENT: _l("Parent or carer"),
}

#: A safeguarding lead who stands in for the first: the same role, and the same to read.
DEPUTY_LABEL = _l("Deputy safeguarding lead")


def label_of(role: Role, *, is_deputy: bool) -> str:
    """What a role is called, of somebody who may stand in for a safeguarding lead."""
    return str(DEPUTY_LABEL) if is_deputy and role is Role.SCHOOL_DSL else role.label


#: Groups for access tables.
SCHOOL_STAFF = frozenset({Role.SCHOOL_LEAD, Role.SENCO, Role.ATTENDANCE_LEAD, Role.SCHOOL_DSL})
#: Everybody at work in a school, also who reads numbers and no list, and who hands out letters.
SCHOOL_PEOPLE = SCHOOL_STAFF | {Role.HEAD_TEACHER, Role.SCHOOL_OFFICE}
PASSWORD_ROLES = frozenset(set(Role) - {Role.FACILITATOR, Role.PARENT})
LINK_ROLES = frozenset({Role.FACILITATOR, Role.PARENT})
SIGNED_IN = frozenset(Role)
#: Anybody, signed in or not.
EVERYBODY: frozenset[Role | None] = frozenset({None, *Role})
